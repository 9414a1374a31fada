"""The rules: each says in one or two lines which payments it flags.

A rule gets the payments and the limits of model_parameters.yml, and answers true or false for
each payment. To add a rule, write its function and name it in RULES.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias, TypedDict

import pandas as pd


class Limits(TypedDict):
    """The limits of the rules, as model_parameters.yml gives them."""

    home_country: str
    small_amount: float
    large_amount: float
    usual_factor: float
    new_account_days: int
    night_begins: int
    night_ends: int


Rule: TypeAlias = Callable[[pd.DataFrame, Limits], pd.Series]


def far_above_usual(payments: pd.DataFrame, limits: Limits) -> pd.Series:
    """A large payment that is many times what the account usually pays."""
    is_large = payments["amount"] >= limits["large_amount"]
    return is_large & (payments["amount"] > limits["usual_factor"] * payments["usual_amount"])


def large_from_new_account(payments: pd.DataFrame, limits: Limits) -> pd.Series:
    """A large payment from an account that was opened a short time ago."""
    is_large = payments["amount"] >= limits["large_amount"]
    return is_large & (payments["account_age_days"] < limits["new_account_days"])


def at_night_to_abroad(payments: pd.DataFrame, limits: Limits) -> pd.Series:
    """A payment to abroad at night, unless it is small."""
    is_night = payments["hour"].between(limits["night_begins"], limits["night_ends"] - 1)
    is_abroad = payments["country"] != limits["home_country"]
    return is_night & is_abroad & (payments["amount"] >= limits["small_amount"])


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "far_above_usual": far_above_usual,
        "large_from_new_account": large_from_new_account,
        "at_night_to_abroad": at_night_to_abroad,
    }
)

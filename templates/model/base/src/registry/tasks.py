"""The registry's tasks as their commands run them: configuration in, words and exit code out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ..config import Configuration, find_repository, read_configuration
from ..errors import ExitCode, FindingError
from ..utils.pipeline_log import complete_with_issues, log_issue, set_output, upload_summary
from .options import output_path, show_plan
from .versions import ModelVersion, title

Options = Mapping[str, Any]


def gate_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli model gate``."""
    from .gate_run import run_gate

    configuration = read_configuration(find_repository(), environ)
    gate = run_gate(
        configuration, environ, output_path(options["candidate"], configuration, "candidate")
    )
    decision = gate.decision
    if decision.comparisons:
        click.echo(f"{decision.table}\n")
    upload_summary(gate.summary_file)
    if gate.registry is None:
        click.echo("No registry is configured (CMR_URI): judged by the thresholds alone.")
    reasons = "; ".join(decision.reasons)
    if decision.verdict == "error":
        raise FindingError(
            f"The gate cannot decide: {reasons}.",
            "This is an error, not a low score: nothing is promoted until it is put right.",
        )
    click.echo(f"{decision.verdict}: {reasons}.")
    set_output("verdict", decision.verdict)
    if decision.passes:
        return ExitCode.OK
    if not decision.is_good_enough:
        log_issue("error", f"The model is not good enough: {reasons}.")
        return ExitCode.FINDING
    stays = f"Version {gate.champion} stays in production, and nothing is registered: {reasons}."
    click.echo(stays)
    complete_with_issues(stays)
    return ExitCode.OK


def evaluate_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli registry evaluate``."""
    from ..model.evaluation import format_verdicts
    from .version_evaluation import evaluate_registered

    configuration = read_configuration(find_repository(), environ)
    output = output_path(options["output"], configuration, "evaluation")
    done = evaluate_registered(configuration, environ, options["version"], output)
    click.echo(f"{format_verdicts(done.verdicts)}\n")
    upload_summary(done.summary_file)
    verdict = "accepted" if done.accepted else "not accepted"
    click.echo(f"{title(done.version)} is {verdict}, on {done.rows} rows.")
    if done.accepted:
        return ExitCode.OK
    log_issue("error", f"{title(done.version)} is not accepted on today's data.")
    return ExitCode.FINDING


def register_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli registry register``."""
    from .registration import plan_registration, register_package

    configuration = read_configuration(find_repository(), environ)
    if not configuration.base.register_model:
        click.echo("REGISTER_MODEL is false: the model is not registered.")
        return ExitCode.OK
    candidate = output_path(options["candidate"], configuration, "candidate")
    package = output_path(options["package"], configuration, "package")
    if options["dry_run"]:
        plan = plan_registration(configuration, environ, candidate, package)
        show_plan({"tags": plan.tags, "metrics": plan.metrics, "role": "candidate"})
        return ExitCode.OK
    _show_registered(register_package(configuration, environ, candidate, package))
    return ExitCode.OK


def register_external_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli registry register-external``."""
    from ..model.evaluation import format_verdicts
    from .external_model import evaluate_external, register_external

    configuration = read_configuration(find_repository(), environ)
    candidate = output_path(options["candidate"], configuration, "external_candidate")
    evaluation = evaluate_external(configuration, options["artifact"].resolve(), candidate)
    click.echo(f"{format_verdicts(evaluation.verdicts)}\n")
    if not evaluation.accepted:
        click.echo("Not accepted, so it is not registered.")
        return ExitCode.FINDING
    if options["dry_run"] or not configuration.base.register_model:
        reason = "--dry-run" if options["dry_run"] else "REGISTER_MODEL is false"
        click.echo(f"Accepted, and not registered: {reason}.")
        return ExitCode.OK
    package = output_path(options["package"], configuration, "external_package")
    gate, version = register_external(configuration, environ, candidate, package)
    click.echo(f"{gate.decision.table}\n\n{gate.decision.verdict}.")
    _show_registered(version)
    return ExitCode.OK


def promote_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli registry promote``."""
    from ..notifications.slack import notify
    from .promotion import promote_version
    from .promotion_message import message_of

    configuration = read_configuration(find_repository(), environ)
    if options["dry_run"]:
        return _show_promotion(configuration, environ, options["version"])
    report = output_path(options["report"], configuration, "test-results/model-tests.xml")
    promotion = promote_version(configuration, environ, options["version"], report)
    version = promotion.version
    if promotion.outcome == "already in production":
        click.echo(f"{title(version)} is in production already: nothing to do.")
        set_output("model_version", version.number)
        return ExitCode.OK
    if promotion.tests is not None:
        click.echo(f"Tests of {version}: {promotion.tests.says}. Report: {promotion.tests.report}")
    notify(configuration, message_of(promotion), environ)
    if promotion.outcome == "tests failed":
        click.echo(f"{title(version)} is not promoted; its role stays {version.role}.")
        log_issue("error", f"The tests of {version} failed; it is not promoted.")
        return ExitCode.FINDING
    replaced = f", in place of version {promotion.replaced}" if promotion.replaced else ""
    click.echo(f"{title(version)} is in production{replaced}.")
    set_output("model_version", version.number)
    set_output("is_new", str(promotion.is_new).lower())
    return ExitCode.OK


def rollback_task(options: Options, environ: Mapping[str, str]) -> int:
    """``mloccli registry rollback``."""
    from ..notifications.slack import notify
    from .promotion_message import message_of_rollback
    from .rollback import roll_back

    configuration = read_configuration(find_repository(), environ)
    done = roll_back(configuration, environ, options["version"], options["dry_run"])
    if options["dry_run"]:
        roles = {done.version.number: "production", str(done.replaced): "archived"}
        show_plan({"roles": roles if done.is_new else {}})
        return ExitCode.OK
    if not done.is_new:
        click.echo(f"{title(done.version)} is in production already: nothing to do.")
        if options["version"] is None:
            click.echo("To go back further, name the version with --version.")
        return ExitCode.OK
    replaced = f"in place of version {done.replaced}"
    click.echo(f"{title(done.version)} is in production again, {replaced}.")
    notify(configuration, message_of_rollback(done), environ)
    return ExitCode.OK


def _show_registered(version: ModelVersion) -> None:
    click.echo(f"Registered as version {version.number} of {version.name}; role: {version.role}.")
    set_output("model_version", version.number)


def _show_promotion(
    configuration: Configuration, environ: Mapping[str, str], number: str | None
) -> int:
    from .promotion import plan_promotion

    plan = plan_promotion(configuration, environ, number)
    roles = {plan.version.number: "production"}
    if plan.replaced is not None:
        roles[plan.replaced] = "previous"
    show_plan({"outcome": plan.outcome, "tags": plan.tags or {}, "roles": roles})
    return ExitCode.OK

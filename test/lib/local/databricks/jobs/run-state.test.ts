import { expect, test } from "@jest/globals";
import {
  canceled,
  notRun,
  pending,
  stateBody,
  succeeded,
} from "../../../../../lib/local/databricks/jobs/run-state.ts";

test.each([
  {
    state: pending,
    body: {
      state: { life_cycle_state: "PENDING", state_message: "", user_cancelled_or_timedout: false },
      status: { state: "PENDING" },
    },
  },
  {
    state: succeeded,
    body: {
      state: {
        life_cycle_state: "TERMINATED",
        result_state: "SUCCESS",
        state_message: "",
        user_cancelled_or_timedout: false,
      },
      status: { state: "TERMINATED", termination_details: { code: "SUCCESS", type: "SUCCESS", message: "" } },
    },
  },
  {
    state: canceled,
    body: {
      state: {
        life_cycle_state: "TERMINATED",
        result_state: "CANCELED",
        state_message: "Run cancelled.",
        user_cancelled_or_timedout: true,
      },
      status: {
        state: "TERMINATED",
        termination_details: { code: "USER_CANCELED", type: "CLIENT_ERROR", message: "Run cancelled." },
      },
    },
  },
  {
    state: notRun("INTERNAL_ERROR", "A bug."),
    body: {
      state: {
        life_cycle_state: "INTERNAL_ERROR",
        result_state: "FAILED",
        state_message: "A bug.",
        user_cancelled_or_timedout: false,
      },
      status: {
        state: "TERMINATED",
        termination_details: { code: "INTERNAL_ERROR", type: "INTERNAL_ERROR", message: "A bug." },
      },
    },
  },
])("the state $state.lifeCycle is told in both forms of the service", ({ state, body }) => {
  expect(stateBody(state)).toEqual(body);
});

import { expect, test } from "@jest/globals";
import { updateTitle } from "../../../../lib/cli/update/show-update.ts";

test("an update is called by its versions, or by the one that stays", () => {
  expect(updateTitle("iris", { from: "1.0.0", to: "1.1.0" })).toBe(
    "Update of iris from eac-model 1.0.0 to 1.1.0",
  );
  expect(updateTitle("iris", { from: "1.1.0", to: "1.1.0" })).toBe("Update of iris with eac-model 1.1.0");
});

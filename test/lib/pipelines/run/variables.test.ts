import { describe, expect, test } from "@jest/globals";
import { environmentName, Variables } from "../../../../lib/pipelines/run/variables.ts";

function variables(values: Readonly<Record<string, string>>, secrets: readonly string[] = []): Variables {
  return new Variables(
    Object.entries(values).map(([name, value]) => ({
      name,
      value,
      isSecret: secrets.includes(name),
      isReadonly: false,
    })),
  );
}

describe("macros", () => {
  const known = variables({ name: "iris", "Build.Id": "7", nested: "$(name)", empty: "" });

  test.each([
    ["$(name)", "iris"],
    ["$(NAME)-$(build.id)", "iris-7"],
    ["$(unknown) and $(name)", "$(unknown) and iris"],
    ["$(date +%Y) $(name)", "$(date +%Y) iris"],
    ["$(echo $(name))", "$(echo iris)"],
    ["$(nested)", "$(name)"],
    ["[$(empty)]", "[]"],
    ["$(name", "$(name"],
    ["$$(name)", "$iris"],
    ["", ""],
  ])("make %s to %s", (text, expected) => {
    expect(known.expand(text)).toBe(expected);
  });
});

describe("values of variables", () => {
  test("are expanded as deep as they go", () => {
    const all = variables({ a: "$(b)!", b: "$(c)", c: "end", d: "$(nobody)" });
    all.expandValues();

    expect(all.toObject()).toEqual({ a: "end!", b: "end", c: "end", d: "$(nobody)" });
  });

  test("that lead into a circle stay as they are written", () => {
    const all = variables({ a: "1_$(b)", b: "2_$(c)", c: "3_$(b)", d: "$(e)", e: "end" });
    all.expandValues();

    expect(all.toObject()).toEqual({ a: "1_$(b)", b: "2_$(c)", c: "3_$(b)", d: "end", e: "end" });
  });

  test("that lead through more than fifty others stay as they are written", () => {
    const chain = Array.from({ length: 50 }, (_, index) => [`v${index + 1}`, `$(v${index + 2})`] as const);
    const all = variables({ ...Object.fromEntries(chain), v51: "end" });
    all.expandValues();

    expect([all.valueOf("v1"), all.valueOf("v2"), all.valueOf("v51")]).toEqual(["$(v2)", "end", "end"]);
  });

  test("follow what is set later", () => {
    const all = variables({ all: "$(one) $(two)", one: "1" });
    all.expandValues();
    const before = all.valueOf("all");
    all.set({ name: "Two", value: "$(one)2", isSecret: true, isReadonly: false });

    expect([before, all.get("all")]).toEqual([
      "1 $(two)",
      { name: "all", value: "1 12", isSecret: true, isReadonly: false },
    ]);
  });

  test("are secret where they hold a secret", () => {
    const all = variables({ token: "t0p", header: "Bearer $(token)" }, ["token"]);
    all.expandValues();

    expect(all.get("header")).toMatchObject({ value: "Bearer t0p", isSecret: true });
  });

  test("stay secret when they are written again", () => {
    const all = variables({ token: "t0p" }, ["token"]);
    all.set({ name: "TOKEN", value: "new", isSecret: false, isReadonly: false });

    expect(all.get("token")).toMatchObject({ value: "new", isSecret: true });
  });
});

test("programs see every variable but secrets", () => {
  const all = variables({ "Build.Build Id": "1", token: "t0p" }, ["token"]);

  expect(all.toEnvironment()).toEqual({ BUILD_BUILD_ID: "1" });
});

test.each([
  ["System.DefaultWorkingDirectory", "SYSTEM_DEFAULTWORKINGDIRECTORY"],
  ["my var", "MY_VAR"],
  ["a-b", "A-B"],
])("programs see %s as %s", (name, expected) => {
  expect(environmentName(name)).toBe(expected);
});

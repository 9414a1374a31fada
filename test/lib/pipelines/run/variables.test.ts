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

  test("that stand for each other in a circle stay finite", () => {
    const all = variables({ a: "$(b)", b: "$(a)" });
    all.expandValues();

    expect(all.valueOf("a")).toMatch(/^\$\([ab]\)$/);
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

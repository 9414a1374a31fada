import { describe, expect, test } from "@jest/globals";
import type { Shape } from "../../../../lib/pipelines/validate/shapes.ts";
import { tasks } from "../../../../lib/pipelines/validate/tasks.ts";
import {
  hasPipelinesSchema,
  publishedTask,
  type TaskInput,
} from "../../../support/azure-pipelines-schema.ts";

const describeWithSchema = hasPipelinesSchema ? describe : describe.skip;

function namesOf(inputs: Readonly<Record<string, TaskInput>>): readonly string[] {
  const names = Object.entries(inputs).flatMap(([name, { aliases = [] }]) => [name, ...aliases]);
  return [...new Set(names)].toSorted();
}

/** The inputs that are always asked for and have no default, each by its own name. */
function neededOf(inputs: Readonly<Record<string, TaskInput>>): readonly string[] {
  return Object.entries(inputs)
    .filter(
      ([, input]) =>
        input.required === true && input.default === undefined && input.visibleRule === undefined,
    )
    .map(([name]) => name)
    .toSorted();
}

function optionsOf(shape: Shape | undefined): readonly string[] {
  return typeof shape === "object" && "oneOf" in shape ? shape.oneOf.toSorted() : [];
}

describeWithSchema("the table of tasks, compared with what is published where ../shared is there,", () => {
  test.each(Object.keys(tasks))("has the inputs of %s", (name) => {
    const published = publishedTask(name);

    expect(Object.keys(tasks[name]?.inputs ?? {}).toSorted()).toEqual(namesOf(published));
  });

  test.each(Object.entries(tasks))("asks for what %s needs", (name, { needed }) => {
    const published = publishedTask(name);
    const own: readonly string[] = needed.map(
      (names) => names.find((spelling) => Object.hasOwn(published, spelling)) ?? names.join(),
    );

    expect(own.toSorted()).toEqual(neededOf(published));
  });

  test.each(Object.entries(tasks))("has the choices of %s", (name, { inputs }) => {
    const choices = Object.entries(publishedTask(name)).flatMap(
      ([input, { options, editable, aliases = [] }]) =>
        options === undefined || editable === true
          ? []
          : [input, ...aliases].map((spelling) => [spelling, options.toSorted()] as const),
    );

    const wrong = choices.filter(
      ([spelling, options]) => optionsOf(inputs[spelling]).join() !== options.join(),
    );

    expect(wrong).toEqual([]);
  });
});

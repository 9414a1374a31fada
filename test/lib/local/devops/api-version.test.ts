import { describe, expect, test } from "@jest/globals";
import { refuseVersion, requestedVersion } from "../../../../lib/local/devops/api-version.ts";
import { location } from "../../../../lib/local/devops/location.ts";

const facts = { id: "id", area: "area", resourceName: "name", routeTemplate: "_apis" };
const preview = location({ ...facts, releasedVersion: "0.0" });
const released = location(facts);

describe("the version of the API", () => {
  test.each([
    { url: "/_apis/x?api-version=7.1", accept: undefined, version: "7.1" },
    { url: "/_apis/x?a=b&api-version=5.0-preview.1", accept: undefined, version: "5.0-preview.1" },
    { url: "/_apis/x", accept: "application/json;api-version=7.1-preview.1", version: "7.1-preview.1" },
    { url: "/_apis/x", accept: "application/json; api-version=7.1", version: "7.1" },
    { url: "/_apis/x?api-version=6.0", accept: "application/json;api-version=7.1", version: "6.0" },
    { url: "/_apis/x", accept: "*/*", version: undefined },
    { url: "/_apis/my-api-version=7.1", accept: undefined, version: undefined },
  ])("of $url with $accept is $version", ({ url, accept, version }) => {
    expect(requestedVersion({ url, accept })).toBe(version);
  });

  test("has to say that it wants a preview where there is nothing else", () => {
    expect(() => refuseVersion(preview, "GET", "7.1")).toThrow("is under preview");
    expect(() => refuseVersion(preview, "POST", "7.1")).toThrow("is under preview");
    expect(() => refuseVersion(preview, "POST", undefined)).toThrow("No api-version was supplied");
    expect(() => refuseVersion(preview, "GET", undefined)).not.toThrow();
    expect(() => refuseVersion(preview, "POST", "7.1-preview.1")).not.toThrow();
  });

  test("of a released resource can be anything or nothing", () => {
    expect(() => refuseVersion(released, "POST", undefined)).not.toThrow();
    expect(() => refuseVersion(released, "POST", "5.1-preview.2")).not.toThrow();
  });
});

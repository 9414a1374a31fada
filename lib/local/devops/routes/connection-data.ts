import { location } from "../location.ts";
import type { Route } from "../route.ts";

/** What the service counts is the changes of its locations; nothing changes here while it runs. */
const lastChangeId = 1;

/** Who am I: what clients ask first to see whether a token works. */
export const connectionDataRoutes: readonly Route[] = [
  {
    location: location({
      id: "00d9565f-ed9c-4a06-9a50-00e7896ccab4",
      area: "Location",
      resourceName: "ConnectionData",
      routeTemplate: "_apis/{resource}",
      releasedVersion: "0.0",
    }),
    method: "GET",
    requires: [],
    handle: ({ organization, identity, query, baseUrl }) => {
      const user = {
        id: identity.id,
        descriptor: identity.descriptor,
        subjectDescriptor: identity.subjectDescriptor,
        providerDisplayName: identity.displayName,
        isActive: true,
        properties: { Account: { $type: "System.String", $value: identity.uniqueName } },
        resourceVersion: 2,
        metaTypeId: 0,
      };
      const accessMappings = [{ moniker: "PublicAccessMapping", accessPoint: `${baseUrl}/` }];
      return {
        status: 200,
        body: {
          authenticatedUser: user,
          authorizedUser: user,
          instanceId: organization.state().instanceId,
          deploymentId: organization.state().instanceId,
          deploymentType: "hosted",
          locationServiceData: {
            serviceOwner: "00025394-6065-48ca-87d9-7f5672854ef7",
            defaultAccessMappingMoniker: "PublicAccessMapping",
            lastChangeId,
            lastChangeId64: lastChangeId,
            ...(wantsServices(query) ? { accessMappings } : {}),
          },
        },
      };
    },
  },
];

/** Where the services are is told only to who asks for it. */
function wantsServices(query: ReadonlyMap<string, string>): boolean {
  const options = query.get("connectoptions")?.toLowerCase() ?? "";
  return options.includes("includeservices") || options === "1";
}

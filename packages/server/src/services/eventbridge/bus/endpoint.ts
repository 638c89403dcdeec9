/**
 * Global endpoints. None can be made: they switch over by Route 53's health checks, and what is put on them is signed for
 * several regions at once (Signature Version 4A). So there is none to be found.
 */
import { onAll, onOwn } from "../access.ts";
import { endpointNotFound, invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";

export const describeEndpoint = operation("DescribeEndpoint", {
  authorize: ({ Name }, context) => onOwn("DescribeEndpoint", `endpoint/${Name}`, context),
  handle: ({ Name }) => Promise.reject(endpointNotFound(Name)),
});

export const updateEndpoint = operation("UpdateEndpoint", {
  authorize: ({ Name }, context) => onOwn("UpdateEndpoint", `endpoint/${Name}`, context),
  handle: ({ Name }) => Promise.reject(endpointNotFound(Name)),
});

export const deleteEndpoint = operation("DeleteEndpoint", {
  authorize: ({ Name }, context) => onOwn("DeleteEndpoint", `endpoint/${Name}`, context),
  handle: ({ Name }) => Promise.reject(endpointNotFound(Name)),
});

export const listEndpoints = operation("ListEndpoints", {
  authorize: onAll("ListEndpoints"),

  async handle({ NextToken }) {
    if (NextToken !== undefined) throw invalidToken();
    return { Endpoints: [] };
  },
});

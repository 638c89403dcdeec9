/**
 * Properties of an account, such as those of Role Manager. Which there are is not documented and none
 * has an effect here, so none can be set: a stored switch that switches nothing would mislead.
 */
import { propertyNamespaces, propertyUnknown, malformedProperty } from "../errors.ts";
import { operation } from "../kit.ts";

export const getAccountProperties = operation("GetAccountProperties", {
  authorize: () => ({ action: "iam:GetAccountProperties", resource: "*" }),
  handle: () => Promise.resolve({ Properties: {} }),
});

export const putAccountProperties = operation("PutAccountProperties", {
  authorize: () => ({ action: "iam:PutAccountProperties", resource: "*" }),

  handle({ Properties }) {
    const keys = Object.keys(Properties);
    const malformed = keys.find((key) => !/^[^/]+\/[^/]+$/.test(key));
    if (malformed !== undefined) throw malformedProperty(malformed);
    if (new Set(keys.map((key) => key.slice(0, key.indexOf("/")))).size > 1) throw propertyNamespaces();
    const [unknown] = keys;
    if (unknown !== undefined) throw propertyUnknown(unknown);
    return Promise.resolve({});
  },
});

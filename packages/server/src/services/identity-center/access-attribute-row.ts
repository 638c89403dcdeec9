/** The attributes of users that an instance passes into sessions as tags. */
import { table } from "../../kernel/table.ts";

interface AccessAttributes {
  readonly instanceId: string;
  /** What the tag is called, and where its value comes from: `${path:enterprise.department}`. */
  readonly attributes: readonly { readonly key: string; readonly source: string }[];
}

export const accessAttributes = table<AccessAttributes>("sso.access-attributes", "global", ({ instanceId }) => [
  instanceId,
]);

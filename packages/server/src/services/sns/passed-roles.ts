/** Roles that SNS is handed by way of attributes. Source: https://docs.aws.amazon.com/sns/latest/dg/firehose-endpoints-subscribe-prereqs.html */
import type { Access } from "../../service/access.ts";
import { passedRole } from "../../service/passed-role.ts";
import { SERVICE } from "./message/publication.ts";

const NAMES_ROLE = /RoleArn$|^DeliveryStatusIAMRole$/;

/** May the caller hand them over? */
export const passedRoles = (attributes: Readonly<Record<string, string | undefined>> = {}): readonly Access[] =>
  Object.entries(attributes).flatMap(([name, value = ""]) =>
    NAMES_ROLE.test(name) && value !== "" ? [passedRole(value, SERVICE.service)] : [],
  );

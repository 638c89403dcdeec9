/** Applications of an instance as rows, with all that is configured of them. */
import type {
  ApplicationStatus,
  AuthenticationMethod,
  Grant,
  GrantType,
  PortalOptions,
  PrincipalType,
  UserBackgroundSessionApplicationStatus,
} from "@aws-sdk/client-sso-admin";
import { formatArn, type AccountId, type Arn } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Validated } from "../../../service/sdk.ts";

export interface Application {
  readonly instanceId: string;
  /** `apl-1111222233334444`. */
  readonly id: string;
  /** The account that made it. */
  readonly account: AccountId;
  readonly partition: string;
  readonly region: string;
  readonly providerArn: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly status: ApplicationStatus;
  readonly portal?: Validated<PortalOptions> | undefined;
  readonly token?: string | undefined;
  readonly createdAtMs: number;
  readonly tags: Tags;
  readonly assignmentRequired: boolean;
  readonly backgroundSessions: UserBackgroundSessionApplicationStatus;
  readonly scopes: Readonly<Record<string, readonly string[]>>;
  readonly grants: Readonly<Partial<Record<GrantType, Validated<Grant>>>>;
  readonly methods: Readonly<Record<string, Validated<AuthenticationMethod>>>;
}

export const applications = table<Application>("sso.application", "global", ({ instanceId, id }) => [instanceId, id]);

export interface ApplicationAssignment {
  readonly instanceId: string;
  readonly applicationId: string;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

export const applicationAssignments = table<ApplicationAssignment>(
  "sso.application-assignment",
  "global",
  ({ instanceId, applicationId, principalType, principalId }) => [
    instanceId,
    applicationId,
    principalType,
    principalId,
  ],
);

export const applicationArn = ({
  partition,
  account,
  instanceId,
  id,
}: Pick<Application, "partition" | "account" | "instanceId" | "id">): Arn =>
  formatArn({ partition, service: "sso", region: "", account, resource: `application/${instanceId}/${id}` });

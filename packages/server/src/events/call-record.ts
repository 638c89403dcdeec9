/** What is remembered of a call: who asked for what, and every question put to IAM with its answer. */
import type { KeptCall, KeptQuestion } from "../identity/evidence.ts";
import type { Arn } from "../kernel/arn.ts";
import type { OwnEvent } from "../service/own-event.ts";

/** The caller, in CloudTrail's terms. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
export interface UserIdentity {
  readonly type:
    | "Root"
    | "IAMUser"
    | "AssumedRole"
    | "FederatedUser"
    | "AWSAccount"
    | "AWSService"
    | "WebIdentityUser"
    | "SAMLUser"
    | "IdentityCenterUser"
    /** Who it was could not be established. */
    | "Unknown";
  readonly principalId?: string;
  readonly arn?: string;
  readonly accountId?: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  /** The role of its session, or who made a session for a `FederatedUser`. */
  readonly sessionIssuer?: {
    readonly type: "Role" | "IAMUser" | "Root";
    readonly principalId: string;
    readonly arn: string;
    readonly userName?: string | undefined;
  };
  /** Of temporary credentials. */
  readonly session?: {
    readonly createdAtMs: number;
    /** Whether a second factor was shown for them. */
    readonly isMfaAuthenticated: boolean;
    readonly sourceIdentity?: string | undefined;
  };
  /** The provider of web identities that a session comes from, and what it says of its user. */
  readonly webIdFederationData?: {
    readonly federatedProvider: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly invokedBy?: string;
  /** Who vouches for a `WebIdentityUser` or a `SAMLUser`. */
  readonly identityProvider?: string;
  /** Who an `IdentityCenterUser` is, and the session that the user came with. */
  readonly onBehalfOf?: { readonly userId: string; readonly identityStoreArn: string };
  readonly credentialId?: string;
}

/** What an event tells that is no call. */
interface OwnFacts {
  readonly resources: readonly Arn[];
  readonly details: OwnEvent["details"];
  readonly type: OwnEvent["type"];
  readonly readOnly: OwnEvent["readOnly"];
}

export interface CallRecord {
  readonly requestId: string;
  /** Virtual epoch milliseconds. */
  readonly atMs: number;
  readonly service: string;
  readonly operation: string;
  readonly account: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent?: string | undefined;
  readonly userIdentity: UserIdentity;
  /** What was asked for, in the model's words; secrets hidden, bodies left out. Absent for data events that nobody logs. */
  readonly parameters?: object | undefined;
  /** What was answered, of calls that may change something. Like `parameters`. */
  readonly response?: object | undefined;
  /** What the service has to say besides. */
  readonly additional?: object | undefined;
  /** The same in the records of all accounts that one call is recorded in. */
  readonly sharedEventId?: string | undefined;
  readonly vpcEndpointId?: string | undefined;
  /** Of a connection over TLS, with the host that the client named. */
  readonly tls?: { readonly version: string; readonly cipher: string; readonly host: string } | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  readonly questions: readonly KeptQuestion[];
  /** Nobody called: the service did it of itself. The operation is the name of the event then. */
  readonly own?: OwnFacts | undefined;
  /** What the answers rested on, where anything was asked. */
  readonly evidence?: KeptCall | undefined;
}

/** Users and roles of an account with what IAM knows of their use, asked of IAM as anybody would. */
import type { AccessKeyMetadata, RoleDetail, ServiceLastAccessed, Tag, UserDetail } from "@aws-sdk/client-iam";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { RoleSession } from "../../../identity/principal.ts";
import { SERVICE_LINKED_PATH } from "../../../kernel/service-linked-role.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf, OperationName, OutputOf } from "../../../service/sdk.ts";
import type { IamSdk } from "../service-role.ts";

/** A time of use; `undefined`: never, as far as is known. */
interface Use {
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number | undefined;
}

export interface RoleFacts extends Use {
  readonly arn: string;
  readonly tags: Tags;
}

export interface UserFacts {
  readonly arn: string;
  readonly tags: Tags;
  readonly createdAtMs: number;
  readonly accessKeys: readonly (Use & { readonly accessKeyId: string })[];
  /** `undefined`: the user has none. */
  readonly password: Use | undefined;
}

export interface ServiceUse {
  readonly namespace: string;
  readonly lastUsedAtMs: number | undefined;
  /** Those that IAM tracks. */
  readonly actions: readonly { readonly action: string; readonly lastUsedAtMs: number | undefined }[];
}

/** IAM of one account, by a session of the service-linked role. */
export class IamView {
  readonly #session: RoleSession;
  readonly #context: Context;

  constructor(session: RoleSession, context: Context) {
    this.#session = session;
    this.#context = context;
  }

  /** Service-linked roles are their services' business. */
  async roles(): Promise<readonly RoleFacts[]> {
    const found: RoleFacts[] = [];
    for (const { Arn, Path, Tags, CreateDate, RoleLastUsed } of await this.#roleDetails()) {
      if (Path?.startsWith(SERVICE_LINKED_PATH) === true) continue;
      found.push({
        arn: Arn ?? "",
        tags: tagsOf(Tags),
        createdAtMs: timeOf(CreateDate) ?? 0,
        lastUsedAtMs: timeOf(RoleLastUsed?.LastUsedDate),
      });
    }
    return found;
  }

  async users(): Promise<readonly UserFacts[]> {
    const passwordUses = await this.#passwordUses();
    const details = await this.#userDetails();
    return Promise.all(
      details.map(async ({ Arn, UserName = "", Tags, CreateDate }) => ({
        arn: Arn ?? "",
        tags: tagsOf(Tags),
        createdAtMs: timeOf(CreateDate) ?? 0,
        accessKeys: await this.#accessKeys(UserName),
        password: await this.#password(UserName, passwordUses.get(UserName)),
      })),
    );
  }

  /** What the policies of a user or role grant, and when that was used. */
  async services(Arn: string): Promise<readonly ServiceUse[]> {
    const { JobId = "" } = await this.call("GenerateServiceLastAccessedDetails", { Arn, Granularity: "ACTION_LEVEL" });
    const found: ServiceUse[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.call("GetServiceLastAccessedDetails", { JobId, Marker });
      found.push(...(page.ServicesLastAccessed ?? []).map(serviceUse));
      ({ Marker } = page);
    } while (Marker !== undefined);
    return found;
  }

  async call<Name extends OperationName<IamSdk>>(
    name: Name,
    input: InputOf<IamSdk, Name>,
  ): Promise<OutputOf<IamSdk, Name>> {
    const as = this.#session;
    return this.#context.call<IamSdk, Name>({ service: "iam", operation: name, input, as, account: as.account });
  }

  async #roleDetails(): Promise<readonly RoleDetail[]> {
    const found: RoleDetail[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.call("GetAccountAuthorizationDetails", { Filter: ["Role"], Marker });
      found.push(...(page.RoleDetailList ?? []));
      ({ Marker } = page);
    } while (Marker !== undefined);
    return found;
  }

  async #userDetails(): Promise<readonly UserDetail[]> {
    const found: UserDetail[] = [];
    let Marker: string | undefined;
    do {
      const page = await this.call("GetAccountAuthorizationDetails", { Filter: ["User"], Marker });
      found.push(...(page.UserDetailList ?? []));
      ({ Marker } = page);
    } while (Marker !== undefined);
    return found;
  }

  async #passwordUses(): Promise<ReadonlyMap<string, number | undefined>> {
    const found = new Map<string, number | undefined>();
    let Marker: string | undefined;
    do {
      const page = await this.call("ListUsers", { Marker });
      for (const { UserName = "", PasswordLastUsed } of page.Users ?? []) found.set(UserName, timeOf(PasswordLastUsed));
      ({ Marker } = page);
    } while (Marker !== undefined);
    return found;
  }

  /** Keys that are switched off open nothing. */
  async #accessKeys(UserName: string): Promise<UserFacts["accessKeys"]> {
    const { AccessKeyMetadata = [] } = await this.call("ListAccessKeys", { UserName });
    const active = AccessKeyMetadata.filter(({ Status }) => Status === "Active");
    return Promise.all(active.map((key) => this.#accessKey(key)));
  }

  async #accessKey({ AccessKeyId = "", CreateDate }: AccessKeyMetadata): Promise<UserFacts["accessKeys"][number]> {
    const { AccessKeyLastUsed } = await this.call("GetAccessKeyLastUsed", { AccessKeyId });
    return {
      accessKeyId: AccessKeyId,
      createdAtMs: timeOf(CreateDate) ?? 0,
      lastUsedAtMs: timeOf(AccessKeyLastUsed?.LastUsedDate),
    };
  }

  async #password(UserName: string, lastUsedAtMs: number | undefined): Promise<UserFacts["password"]> {
    try {
      const { LoginProfile } = await this.call("GetLoginProfile", { UserName });
      return { createdAtMs: timeOf(LoginProfile?.CreateDate) ?? 0, lastUsedAtMs };
    } catch (error) {
      if (error instanceof AwsError && error.code === "NoSuchEntityException") return undefined;
      throw error;
    }
  }
}

const timeOf = (date: Date | undefined): number | undefined => date?.getTime();

const tagsOf = (tags: readonly Tag[] = []): Tags =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

const serviceUse = ({
  ServiceNamespace = "",
  LastAuthenticated,
  TrackedActionsLastAccessed = [],
}: ServiceLastAccessed): ServiceUse => ({
  namespace: ServiceNamespace,
  lastUsedAtMs: timeOf(LastAuthenticated),
  actions: TrackedActionsLastAccessed.map(({ ActionName = "", LastAccessedTime }) => ({
    action: ActionName,
    lastUsedAtMs: timeOf(LastAccessedTime),
  })),
});

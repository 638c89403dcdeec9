/** AWS Config looks with the rights of the recorder's role. */
import type { RoleSession } from "../../../identity/principal.ts";
import type { Context } from "../../../service/context.ts";
import { roleSession } from "../../../service/role-session.ts";
import { ITSELF } from "../kit.ts";
import type { Recorder } from "./row.ts";
import type { Reader } from "../resource/kind.ts";

/** @throws {AwsError} where the role does not let AWS Config in */
export const sessionOf = ({ roleArn, account }: Recorder, context: Context): Promise<RoleSession> =>
  roleSession({ roleArn, service: ITSELF.service, sessionName: "AWSConfig-Recorder", account }, context);

/** @throws {AwsError} where the role does not let AWS Config in */
export async function readerOf(recorder: Recorder, context: Context): Promise<Reader> {
  const { account, region, partition } = recorder;
  const as = await sessionOf(recorder, context);
  return { account, region, partition, call: (asked) => context.call({ ...asked, as, account, region }) };
}

/** AWS Config looks with the rights of the recorder's role. */
import type { Context } from "../../service/context.ts";
import { roleSession } from "../../service/role-session.ts";
import { ITSELF } from "./kit.ts";
import type { Recorder } from "./recorder-row.ts";
import type { Reader } from "./resource/kind.ts";

/** @throws {AwsError} where the role does not let AWS Config in */
export async function readerOf({ roleArn, account, region, partition }: Recorder, context: Context): Promise<Reader> {
  const use = { roleArn, service: ITSELF.service, sessionName: "AWSConfig-Recorder", account };
  const as = await roleSession(use, context);
  return { account, region, partition, call: (asked) => context.call({ ...asked, as, account, region }) };
}

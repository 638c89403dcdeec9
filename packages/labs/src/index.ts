/** The scenarios as labs that run against any endpoint. */
import type { Lab, LabReport, StepReport } from "./lab.ts";
import { s01 } from "./labs/s01-revoke-sessions.ts";
import { s02 } from "./labs/s02-third-party-role.ts";
import { s03 } from "./labs/s03-external-auditor.ts";
import { s04 } from "./labs/s04-organization-of-accounts.ts";
import { s05 } from "./labs/s05-guardrails.ts";
import { s07 } from "./labs/s07-saml-log-in.ts";
import { s08 } from "./labs/s08-ldap-users.ts";
import { s09 } from "./labs/s09-mobile-users.ts";
import { s10 } from "./labs/s10-public-by-mistake.ts";
import { s11 } from "./labs/s11-versions.ts";
import { s12 } from "./labs/s12-encryption.ts";
import { s24 } from "./labs/s24-switch-role-and-upload.ts";
import { s33 } from "./labs/s33-faces-and-photos.ts";
import { s38 } from "./labs/s38-logs-and-trails.ts";
import { s40 } from "./labs/s40-serverless-and-mobile.ts";
import { CloudTeller } from "./teller.ts";

export type { LabReport, StepReport } from "./lab.ts";
export { revokeSessions } from "./revocation.ts";

const LABS: readonly Lab[] = [s01, s02, s03, s04, s05, s07, s08, s09, s10, s11, s12, s24, s33, s38, s40];

export const listLabs = (): readonly Pick<Lab, "id" | "title" | "proves">[] =>
  LABS.map(({ id, title, proves }) => ({ id, title, proves }));

export interface LabOptions {
  readonly endpoint: string;
  /** Called as each step ends. */
  readonly onStep?: (step: StepReport) => void;
  /** The secret of root users; `test` where left out. */
  readonly rootSecret?: string | undefined;
  /** Makes the names of this run its own; random where left out. */
  readonly suffix?: string;
  /** Folders where the programs that a lab starts are looked for, instead of where systems keep them. */
  readonly programFolders?: readonly string[];
}

/** Runs one lab to its end. @throws {RangeError} where there is no lab of that id. */
export async function runLab(
  id: string,
  { endpoint, onStep, suffix, programFolders, rootSecret = "test" }: LabOptions,
): Promise<LabReport> {
  const lab = LABS.find((one) => one.id.toLowerCase() === id.toLowerCase());
  if (lab === undefined) throw new RangeError(`no such lab: \`${id}\``);
  const steps: StepReport[] = [];
  const teller = new CloudTeller({
    endpoint,
    rootSecret,
    programFolders,
    suffix: suffix ?? crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? "lab",
    onStep: (step) => {
      steps.push(step);
      onStep?.(step);
    },
  });
  await lab.run(teller);
  return { id: lab.id, title: lab.title, steps, passed: steps.every(({ status }) => status !== "failed") };
}

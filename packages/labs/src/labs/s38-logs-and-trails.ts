import type { Lab } from "../lab.ts";
import { alarmActions } from "./s38-alarm-actions.ts";
import { centralLogs, readFromTheShell } from "./s38-central-logs.ts";
import { quietCopy } from "./s38-quiet-copy.ts";
import { watchedTrail } from "./s38-watched-trail.ts";

export const s38: Lab = {
  id: "S38",
  title: "Logs of all accounts in one place, read from the shell, and a trail that is watched",
  proves: [
    "log-central-account-kinesis",
    "cwl-get-log-events-cli",
    "cwl-one-stream-one-agent",
    "cli-s3-cp-quiet",
    "change-watch-ct-cw",
    "ct-cannot-detect-alone",
    "cw-alarm-not-to-launch-config",
  ],
  async run(teller) {
    const account = teller.account("A");
    const story = { teller, account, admin: teller.root(account) };
    await centralLogs(story);
    await readFromTheShell(story);
    await quietCopy(story);
    await watchedTrail(story);
    await alarmActions(story);
    teller.notBuilt("A scan of ports and a call from a listed address are found.", "GuardDuty");
  },
};

/**
 * The end of a user, once nothing hangs on it any more.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
import { requireNoAccessKeys } from "./access-key.ts";
import { countBoundary, requireNoAttachments } from "./attachment.ts";
import { countDown } from "./count.ts";
import { forgetHolder } from "./holder.ts";
import { requireNoInlinePolicies } from "./inline-policy.ts";
import { operation } from "./kit.ts";
import { requireNoLoginProfile } from "./login-profile.ts";
import { requireNoMemberships } from "./membership.ts";
import { requireNoMfaDevices } from "./mfa-device.ts";
import { keyOfName } from "./path.ts";
import { requireNoServiceCredentials } from "./service-credential.ts";
import { requireNoSigningCertificates } from "./signing-certificate.ts";
import { requireNoSshKeys } from "./ssh-key.ts";
import { onUser, requireUser, users } from "./user.ts";

export const deleteUser = operation("DeleteUser", {
  authorize: ({ UserName }, context) => onUser("DeleteUser", UserName, context),

  async handle({ UserName }, { tx }) {
    const user = await requireUser(UserName, tx);
    await requireNoMemberships(tx, user);
    await requireNoAttachments(tx, user);
    await requireNoInlinePolicies(tx, user);
    await requireNoLoginProfile(user, tx);
    await requireNoAccessKeys(user, tx);
    await requireNoSigningCertificates(user, tx);
    await requireNoMfaDevices(user, tx);
    await requireNoSshKeys(user, tx);
    await requireNoServiceCredentials(user, tx);
    await countBoundary(tx, { before: user.boundary, after: undefined });
    await countDown(tx, "users");
    tx.delete(users, keyOfName(user.name));
    forgetHolder(tx, user);
    return {};
  },
});

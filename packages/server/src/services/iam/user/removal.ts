/**
 * The end of a user, once nothing hangs on it any more.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html
 */
import { countDown } from "../account/count.ts";
import { requireNoAccessKeys } from "../credential/access-key.ts";
import { requireNoLoginProfile } from "../credential/login-profile.ts";
import { requireNoMfaDevices } from "../credential/mfa-device.ts";
import { requireNoServiceCredentials } from "../credential/service-credential.ts";
import { requireNoSigningCertificates } from "../credential/signing-certificate.ts";
import { requireNoSshKeys } from "../credential/ssh-key.ts";
import { requireNoMemberships } from "../group/membership.ts";
import { forgetHolder } from "../holder.ts";
import { operation } from "../kit.ts";
import { keyOfName } from "../path.ts";
import { countBoundary, requireNoAttachments } from "../policy/attachment.ts";
import { requireNoInlinePolicies } from "../policy/inline.ts";
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

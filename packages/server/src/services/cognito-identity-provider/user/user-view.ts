/** A user as lists and answers show them. */
import type { UserType } from "@aws-sdk/client-cognito-identity-provider";
import { formatAttributes, type User } from "./user-row.ts";

export const formatUser = (user: User, only?: readonly string[]): UserType => ({
  Username: user.username,
  Attributes: formatAttributes(user, only),
  UserCreateDate: new Date(user.createdMs),
  UserLastModifiedDate: new Date(user.changedMs),
  Enabled: user.enabled,
  UserStatus: user.status,
  ...(user.smsOptions && { MFAOptions: formatOptions(user) }),
});

export const formatOptions = ({ smsOptions }: User) =>
  (smsOptions ?? []).map((AttributeName) => ({ DeliveryMedium: "SMS" as const, AttributeName }));

/** The factors that are on, as GetUser shows them. */
export const formatFactors = ({ factors, preferredFactor }: User) => ({
  ...(preferredFactor !== undefined && { PreferredMfaSetting: preferredFactor }),
  ...(factors.length > 0 && { UserMFASettingList: factors.slice() }),
});

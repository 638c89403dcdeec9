/** Numbers of IAM Roles Anywhere. Source: https://docs.aws.amazon.com/rolesanywhere/latest/userguide/load-balancer-limits.html */
import { HOUR_MS } from "../../kernel/duration.ts";

export const ANCHORS_MAX = 50;
export const PROFILES_MAX = 250;
export const CRLS_PER_ANCHOR_MAX = 2;
export const CERTIFICATES_PER_ANCHOR_MAX = 2;

/** (assumed) The size of a page asked for without one, and of the largest. */
export const PAGE_ROWS_USUAL = 100;
export const PAGE_ROWS_MAX = 1000;
/** More than the rows of one kind that an account has in one region. */
export const ALL_ROWS = 10_000;

/** Source: https://docs.aws.amazon.com/rolesanywhere/latest/APIReference/API_CreateProfile.html */
export const SESSION_SECONDS_USUAL = HOUR_MS / 1000;

/** (assumed) Certificates between the signer's and the trust anchor's. */
export const INTERMEDIATES_MAX = 5;

/** Of a session's tag. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_Tag.html */
export const TAG_VALUE_CHARACTERS_MAX = 256;
export const SOURCE_IDENTITY_CHARACTERS_MAX = 64;

/** The last attempts that a subject is shown with (assumed). */
export const CREDENTIALS_SHOWN = 10;

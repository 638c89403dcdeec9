/** What a client of the control API did wrong. */
export class BadRequest extends Error {}

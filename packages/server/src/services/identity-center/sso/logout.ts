import { endSession } from "../portal-session.ts";
import { requireBearer } from "./bearer.ts";
import { operation } from "./kit.ts";

/** Ends the user's session with the portal; credentials that roles gave out stay good until they expire. */
export const logout = operation("Logout", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    const { session } = await requireBearer(input, context);
    endSession(context, session.id);
    return {};
  },
});

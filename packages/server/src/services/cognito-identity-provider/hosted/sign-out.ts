/**
 * `/logout`: the browser forgets its user, and goes on to the app or to the sign-in.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/logout-endpoint.html
 */
import type { Site } from "../../../service/site.ts";
import { redirect } from "./page.ts";
import { redirectMismatch } from "./refusal.ts";
import { one, requireAppRequest, requirePagesClient } from "./request.ts";
import { closeBrowserSession } from "./session.ts";

export const signOut: Site = async (request, context) => {
  const { query } = request;
  const { client } = await requirePagesClient(request, context);
  if (!query.has("logout_uri")) {
    const asked = await requireAppRequest(request, context);
    return redirect(`/login?${asked.query}`, await closeBrowserSession(request, context));
  }
  const uri = one(query, "logout_uri");
  if (uri === undefined || !(client.settings.LogoutURLs ?? []).includes(uri)) throw redirectMismatch();
  return redirect(uri, await closeBrowserSession(request, context));
};

/** Lists of users. */
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { parseFilter } from "./user-filter.ts";
import { users, type User } from "./user-row.ts";
import { formatUser } from "./user-view.ts";

/** As many as are looked at for one page of those that a filter takes. */
const ROWS_AT_ONCE = 500;

export const listUsers = operation("ListUsers", {
  authorize: onPool("ListUsers"),

  async handle({ UserPoolId, AttributesToGet, Limit, PaginationToken, Filter }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const fits = Filter === undefined || Filter === "" ? () => true : parseFilter(Filter);
    const limit = Limit === undefined || Limit === 0 ? PAGE_ROWS_MAX : Limit;
    const found: User[] = [];
    let after = PaginationToken === undefined ? undefined : decodeToken(PaginationToken, invalidToken);
    // one more than fits tells whether there is another page
    while (found.length <= limit) {
      const rows = await context.tx.scan(users, { prefix: [id], after, limit: ROWS_AT_ONCE });
      found.push(...rows.filter(fits));
      const last = rows.at(-1);
      if (rows.length < ROWS_AT_ONCE || last === undefined) break;
      after = users.keyOf(last);
    }
    const given = found.slice(0, limit);
    const last = given.at(-1);
    const hasMore = found.length > limit && last !== undefined;
    return {
      Users: given.map((user) => formatUser(user, AttributesToGet)),
      ...(hasMore && { PaginationToken: encodeToken(users.keyOf(last)) }),
    };
  },
});

import { expect, test } from "vitest";
import { asking, ID, OTHER } from "../../../../../test/lake-events.ts";
import { requireStatement } from "./statement.ts";

const refused = (text: string) => requireStatement(text.replaceAll("$EDS", ID).replaceAll("$OTHER", OTHER), asking);

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartQuery.html (InvalidQueryStatementException), the words are Trino's */
test.each([
  ["DELETE FROM $EDS", "line 1:1: mismatched input 'DELETE'. Expecting: 'SELECT'"],
  ["SELECT nme FROM $EDS", "line 1:8: Column 'nme' cannot be resolved"],
  ["SELECT userIdentity.nme FROM $EDS", "line 1:8: Column 'useridentity.nme' cannot be resolved"],
  ["SELECT foo(1) FROM $EDS", "line 1:8: Function 'foo' not registered"],
  ["SELECT lower() FROM $EDS", "line 1:8: Unexpected parameters for function lower"],
  [
    "SELECT eventName, count(*) FROM $EDS",
    "line 1:8: 'eventName' must be an aggregate expression or appear in GROUP BY clause",
  ],
  ["SELECT 1 FROM $EDS WHERE count(*) > 1", ": Cannot use aggregate function count here"],
  ["SELECT 1 FROM $EDS\nWHERE", "line 2:6: mismatched input '<EOF>'"],
  ["SELECT 1 FROM $EDS ORDER BY 2", "ORDER BY position 2 is not in select list"],
  ["SELECT eventID FROM $EDS a JOIN $OTHER b ON true", "line 1:8: Column 'eventid' is ambiguous"],
  ["SELECT 1 FROM $EDS UNION SELECT 1, 2 FROM $EDS", "UNION query has different number of fields: 1, 2"],
  ["SELECT cast(1 AS blob) FROM $EDS", "line 1:18: Unknown type: blob"],
  ["SELECT 1 FROM $EDS WHERE rank() OVER (ORDER BY eventTime) = 1", "Window functions are not allowed here"],
  ["SELECT lower(eventName) OVER () FROM $EDS", "Window function 'lower' not registered"],
  ["SELECT sum(1) OVER (ORDER BY eventID ROWS 1 PRECEDING) FROM $EDS", "frames are not supported"],
  [
    "SELECT 1 FROM $EDS WHERE eventID IN (SELECT eventID, 1 FROM $EDS)",
    "Subquery must return one column, and returns 2",
  ],
  ["SELECT 1 FROM $EDS a JOIN $OTHER b ON a.eventID IN (SELECT '1')", "subqueries here are not supported"],
  ["SELECT (SELECT a.eventID FROM $OTHER) FROM $EDS a", "Column 'a.eventid' cannot be resolved"],
  ["SELECT 1 FROM $EDS; DROP TABLE x", "mismatched input 'DROP'"],
  ["SELECT 'a FROM $EDS", "mismatched input '''"],
  [`SELECT ${"(".repeat(200)}1${")".repeat(200)} FROM $EDS`, "nested too deeply"],
])("the statement %s is refused before it runs", async (text, message) => {
  await expect(refused(text)).rejects.toMatchObject({
    code: "InvalidQueryStatementException",
    message: expect.stringContaining(message),
  });
});

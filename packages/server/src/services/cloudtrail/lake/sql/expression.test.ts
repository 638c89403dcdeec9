import { expect, test } from "vitest";
import { rows } from "../../../../../test/lake-events.ts";

/** What one expression comes to. */
const value = async (expression: string) => (await rows(`SELECT ${expression} FROM $EDS LIMIT 1`))[0]?.[0];

/** Source: https://trino.io/docs/current/functions.html */
test.each([
  ["7 / 2", "3"],
  ["7 / 2.0", "3.5"],
  ["-7 % 3", "-1"],
  ["1 + 2 * 3", "7"],
  ["1e7", "1.0E7"],
  ["100.0 * 2", "200.0"],
  ["round(2.567, 2)", "2.57"],
  ["'a' || 'b'", "ab"],
  ["'it''s'", "it's"],
  ["coalesce(NULL, 'x')", "x"],
  ["NULL = NULL", null],
  ["NULL IS NOT DISTINCT FROM NULL", "true"],
  ["1 BETWEEN 0 AND 2", "true"],
  ["NOT (1 = 2 OR false)", "true"],
  ["'100%' LIKE '100#%' ESCAPE '#'", "true"],
  ["'abc' LIKE 'a_c%'", "true"],
  ["'aXbXc' LIKE '%X%d'", "false"],
  ["if(1 > 2, 'a', 'b')", "b"],
  ["nullif('a', 'a')", null],
  ["try(1 / 0)", null],
  ["try_cast('x' AS bigint)", null],
  ["cast('12' AS integer) + 1", "13"],
  ["cast(1 AS varchar(10)) || ''", "1"],
  ["CASE 2 WHEN 1 THEN 'one' WHEN 2 THEN 'two' END", "two"],
  ["substr('abcdef', -3, 2)", "de"],
  ["split_part('a/b/c', '/', 2)", "b"],
  ["split('a,b', ',')", "[a, b]"],
  ["regexp_like('user/ann', '^user/')", "true"],
  ["regexp_extract('user/ann', 'user/(\\w+)', 1)", "ann"],
  ["regexp_replace('a1b2', '(\\d)', '<$1>')", "a<1>b<2>"],
  ["lower(upper('Ab'))", "ab"],
  ["concat_ws('-', 'a', NULL, 'b')", "a-b"],
  ["greatest(1, 3, 2)", "3"],
  ["date_trunc('hour', timestamp '2023-01-22 08:45:10')", "2023-01-22 08:00:00.000"],
  ["date_trunc('week', date '2023-01-22')", "2023-01-16"],
  ["date_add('month', 1, date '2023-01-31')", "2023-02-28"],
  ["date_diff('day', date '2023-01-01', date '2023-02-01')", "31"],
  ["date '2023-01-22' - interval '2' day", "2023-01-20"],
  ["date_format(timestamp '2023-01-22 08:05:00', '%Y/%m/%d %H:%i')", "2023/01/22 08:05"],
  ["extract(year FROM date '2023-01-22')", "2023"],
  ["week(date '2023-01-01')", "52"],
  ["from_iso8601_timestamp('2023-01-22T10:00:00+02:00')", "2023-01-22 08:00:00.000 UTC"],
  ["to_unixtime(timestamp '1970-01-01 00:00:10')", "10.0"],
  ["current_date", "2023-01-25"],
  ["json_extract('{\"a\": [1, {\"b\": 2}]}', '$.a[1]')", '{"b":2}'],
  ["json_extract_scalar('{\"a b\": true}', '$[\"a b\"]')", "true"],
  ["json_array_contains('[1, 2]', 2)", "true"],
  ["contains(ARRAY['a', 'b'], 'b')", "true"],
  ["array_sort(ARRAY[3, 1, NULL, 2])", "[1, 2, 3, null]"],
  ["array_join(ARRAY['a', 'b'], ', ')", "a, b"],
  ["slice(ARRAY[1, 2, 3], 2, 2)", "[2, 3]"],
  ["reduce(ARRAY[1, 2, 3], 0, (s, x) -> s + x, s -> s)", "6"],
  ["any_match(ARRAY[1, 2], x -> x > 1)", "true"],
  ["transform(ARRAY[1, 2], x -> transform(ARRAY[10, 20], y -> x + y))", "[[11, 21], [12, 22]]"],
  ["map_keys(requestParameters)", "[userName, tags]"],
  ["typeof(eventTime)", "timestamp"],
])("%s is %s", async (expression, expected) => {
  expect(await value(expression)).toBe(expected);
});

/** Source: https://trino.io/docs/current/functions.html */
test.each([
  ["1 / 0", "Division by zero"],
  ["'a' + 1", "Cannot apply operator: varchar + bigint"],
  ["eventTime > 'yesterday'", "Value cannot be cast to timestamp: yesterday"],
  ["cast('x' AS bigint)", "Cannot cast 'x' to bigint"],
  ["json_parse('{')", "Cannot convert value to JSON: '{'"],
  ["ARRAY[1][2]", "Array subscript must be less than or equal to array length: 2 > 1"],
  ["regexp_like('a', '(')", "Invalid regular expression"],
  ["rpad('a', 2000000, 'b')", "Target length must be in the range [0..1000000]"],
])("%s fails", async (expression, message) => {
  await expect(value(expression)).rejects.toThrow(message);
});

/**
 * Grok: regular expressions with names for what they are made of.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html (supported grok patterns)
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { grokInvalid } from "../errors.ts";
import type { CompileRegex } from "../regex.ts";

const MONTHS =
  "\\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:tember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\\b";
const DAYS = "(?:Mon(?:day)?|Tue(?:sday)?|Wed(?:nesday)?|Thu(?:rsday)?|Fri(?:day)?|Sat(?:urday)?|Sun(?:day)?)";
const IPV4 = "(?:(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)\\.){3}(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
const IPV6 = "(?:[0-9A-Fa-f]{0,4}:){2,7}(?:[0-9A-Fa-f]{0,4}|(?:\\d{1,3}\\.){3}\\d{1,3})";

/** In the words of Logstash's patterns, without what looks around. */
const PATTERNS: Readonly<Record<string, string>> = {
  USERNAME: "[a-zA-Z0-9._-]+",
  USER: "%{USERNAME}",
  EMAILLOCALPART: "[a-zA-Z0-9!#$%&'*+\\-/=?^_`{|}~.]{1,64}",
  EMAILADDRESS: "%{EMAILLOCALPART}@%{HOSTNAME}",
  INT: "[+-]?\\d+",
  BASE10NUM: "[+-]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)",
  NUMBER: "%{BASE10NUM}",
  BASE16NUM: "[+-]?(?:0x)?[0-9A-Fa-f]+",
  POSINT: "\\b[1-9]\\d*\\b",
  NONNEGINT: "\\b\\d+\\b",
  WORD: "\\b\\w+\\b",
  NOTSPACE: "\\S+",
  SPACE: "\\s*",
  DATA: ".*?",
  GREEDYDATA: ".*",
  GREEDYDATA_MULTILINE: "(?s:.*)",
  QUOTEDSTRING: "(?:\"(?:\\\\.|[^\\\\\"])*\"|'(?:\\\\.|[^\\\\'])*'|`(?:\\\\.|[^\\\\`])*`)",
  QS: "%{QUOTEDSTRING}",
  UUID: "[A-Fa-f0-9]{8}-(?:[A-Fa-f0-9]{4}-){3}[A-Fa-f0-9]{12}",
  URN: "urn:[0-9A-Za-z][0-9A-Za-z-]{0,31}:[0-9a-zA-Z()+,.:=@;$_!*'/?#-]+",
  ARN: "arn:[a-z-]+:[a-z0-9-]*:[a-z0-9-]*:\\d*:\\S+",
  CISCOMAC: "(?:[A-Fa-f0-9]{4}\\.){2}[A-Fa-f0-9]{4}",
  WINDOWSMAC: "(?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2}",
  COMMONMAC: "(?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}",
  MAC: "(?:%{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC})",
  IPV4,
  IPV6,
  IP: "(?:%{IPV6}|%{IPV4})",
  HOSTNAME: "\\b[0-9A-Za-z][0-9A-Za-z-]{0,62}(?:\\.[0-9A-Za-z][0-9A-Za-z-]{0,62})*\\.?\\b",
  HOST: "%{HOSTNAME}",
  IPORHOST: "(?:%{IP}|%{HOSTNAME})",
  HOSTPORT: "%{IPORHOST}:%{POSINT}",
  UNIXPATH: "(?:/[\\w_%!$@:.,+~-]*)+",
  WINPATH: "(?:[A-Za-z]+:|\\\\)(?:\\\\[^\\\\?*]*)+",
  PATH: "(?:%{UNIXPATH}|%{WINPATH})",
  TTY: "/dev/(?:pts|tty(?:[pq])?)(?:\\w+)?/?\\d+",
  URIPROTO: "[A-Za-z](?:[A-Za-z0-9+\\-.]+)+",
  URIHOST: "%{IPORHOST}(?::%{POSINT})?",
  URIPATH: "(?:/[A-Za-z0-9$.+!*'(){},~:;=@#%&_-]*)+",
  URIPARAM: "\\?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\\[\\]<>-]*",
  URIPATHPARAM: "%{URIPATH}(?:%{URIPARAM})?",
  URI: "%{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?",
  MONTH: MONTHS,
  MONTHNUM: "(?:0?[1-9]|1[0-2])",
  MONTHNUM2: "(?:0[1-9]|1[0-2])",
  MONTHDAY: "(?:0[1-9]|[12]\\d|3[01]|[1-9])",
  DAY: DAYS,
  YEAR: "(?:\\d\\d){1,2}",
  HOUR: "(?:2[0123]|[01]?\\d)",
  MINUTE: "[0-5]\\d",
  SECOND: "(?:[0-5]?\\d|60)(?:[:.,]\\d+)?",
  TIME: "%{HOUR}:%{MINUTE}(?::%{SECOND})?",
  DATE_US: "%{MONTHNUM}[/-]%{MONTHDAY}[/-]%{YEAR}",
  DATE_EU: "%{MONTHDAY}[./-]%{MONTHNUM}[./-]%{YEAR}",
  DATE: "(?:%{DATE_US}|%{DATE_EU})",
  DATESTAMP: "%{DATE}[- ]%{TIME}",
  ISO8601_TIMEZONE: "(?:Z|[+-]%{HOUR}(?::?%{MINUTE}))",
  ISO8601_SECOND: "%{SECOND}",
  TIMESTAMP_ISO8601: "%{YEAR}-%{MONTHNUM}-%{MONTHDAY}[T ]%{HOUR}:?%{MINUTE}(?::?%{SECOND})?(?:%{ISO8601_TIMEZONE})?",
  TZ: "(?:[APMCE][SD]T|UTC|GMT)",
  DATESTAMP_RFC822: "%{DAY} %{MONTH} %{MONTHDAY} %{YEAR} %{TIME} %{TZ}",
  DATESTAMP_RFC2822: "%{DAY}, %{MONTHDAY} %{MONTH} %{YEAR} %{TIME} %{ISO8601_TIMEZONE}",
  DATESTAMP_OTHER: "%{DAY} %{MONTH} %{MONTHDAY} %{TIME} %{TZ} %{YEAR}",
  DATESTAMP_EVENTLOG: "%{YEAR}%{MONTHNUM2}%{MONTHDAY}%{HOUR}%{MINUTE}%{SECOND}",
  SYSLOGTIMESTAMP: "%{MONTH} +%{MONTHDAY} %{TIME}",
  PROG: "[\\x21-\\x5a\\x5c\\x5e-\\x7e]+",
  SYSLOGPROG: "%{PROG}(?:\\[%{POSINT}\\])?",
  SYSLOGHOST: "%{IPORHOST}",
  SYSLOGFACILITY: "<%{NONNEGINT}.%{NONNEGINT}>",
  HTTPDATE: "%{MONTHDAY}/%{MONTH}/%{YEAR}:%{TIME} %{INT}",
  LOGLEVEL:
    "(?:[Aa]lert|ALERT|[Tt]race|TRACE|[Dd]ebug|DEBUG|[Nn]otice|NOTICE|[Ii]nfo(?:rmation)?|INFO(?:RMATION)?|[Ww]arn(?:ing)?|WARN(?:ING)?|[Ee]rr(?:or)?|ERR(?:OR)?|[Cc]rit(?:ical)?|CRIT(?:ICAL)?|[Ff]atal|FATAL|[Ss]evere|SEVERE|[Ee]merg(?:ency)?|EMERG(?:ENCY)?)",
  HTTPDUSER: "(?:%{EMAILADDRESS}|%{USER})",
  COMMONAPACHELOG:
    '%{IPORHOST:clientip} %{HTTPDUSER:ident} %{HTTPDUSER:auth} \\[%{HTTPDATE:timestamp}\\] "(?:%{WORD:verb} %{NOTSPACE:request}(?: HTTP/%{NUMBER:httpversion})?|%{DATA:rawrequest})" %{NUMBER:response} (?:%{NUMBER:bytes}|-)',
  COMBINEDAPACHELOG: "%{COMMONAPACHELOG} %{QS:referrer} %{QS:agent}",
};

export interface Grok {
  /** What the names stand for, with the types they ask for; `undefined`: the text is of another form. */
  read(text: string): readonly (readonly [path: string, value: string | number])[] | undefined;
}

interface Named {
  readonly path: string;
  readonly type: string | undefined;
}

const REFERENCE = /%\{(\w+)(?::([\w.@[\]-]+))?(?::(\w+))?\}/g;
/** Only what a reference names is taken. */
const GROUP = /\\.|\((?!\?)/g;
const DEPTH_MAX = 10;

/** @throws {AwsError} `InvalidParameterException` */
export function compileGrok(match: string, compile: CompileRegex): Grok {
  const named: Named[] = [];
  const source = expand(
    match.replaceAll(GROUP, (found) => (found === "(" ? "(?:" : found)),
    named,
    0,
  );
  const regex = compile(source, { invalid: () => grokInvalid(match) });
  const places = new Map(regex.names.map((name, at) => [name, at]));
  return {
    read(text) {
      const found = regex.find(text);
      if (found === undefined) return undefined;
      return named.flatMap(({ path, type }, at) => {
        const place = places.get(groupName(at));
        const value = place === undefined ? undefined : found.groups[place];
        return value === undefined ? [] : [[path, typed(value, type)] as const];
      });
    },
  };
}

const groupName = (at: number): string => `g${at}`;

function expand(text: string, named: Named[], depth: number): string {
  if (depth > DEPTH_MAX) throw grokInvalid(text);
  return text.replaceAll(REFERENCE, (_whole, name: string, path: string | undefined, type: string | undefined) => {
    const pattern = findOwn(PATTERNS, name);
    if (pattern === undefined) throw grokInvalid(text);
    if (path === undefined) return `(?:${expand(pattern, named, depth + 1)})`;
    const at = named.push({ path, type }) - 1;
    return `(?P<${groupName(at)}>${expand(pattern, named, depth + 1)})`;
  });
}

const typed = (value: string, type: string | undefined): string | number =>
  type === "int" || type === "integer" || type === "long" || type === "float" || type === "double"
    ? Number(value)
    : value;

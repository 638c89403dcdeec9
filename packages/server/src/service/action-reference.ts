/** What the service authorization reference says: which actions there are, on what, and under which condition keys. */

export interface ReferencedAction {
  /** `GetObject` */
  readonly name: string;
  /** The types of resources it is done to; none: it knows no resource but `*`. */
  readonly resources: readonly { readonly type: string; readonly conditionKeys: readonly string[] }[];
  readonly conditionKeys: readonly string[];
}

export interface ReferencedResource {
  /** `arn:${Partition}:iam::${Account}:role/${RoleNameWithPath}` */
  readonly arn: string;
  readonly conditionKeys: readonly string[];
}

export interface ReferencedService {
  readonly actions: ReadonlyMap<string, ReferencedAction>;
  readonly resources: ReadonlyMap<string, ReferencedResource>;
  /** Each key with its type: `String`, `ARN`, `ArrayOfString`, `Bool`, `Date`, `Numeric` … */
  readonly conditionKeys: ReadonlyMap<string, string>;
  /** The action of this name, in any case. */
  find(action: string): ReferencedAction | undefined;
}

export interface ActionReference {
  /** Every prefix of actions with its service's name: `{"s3": "Amazon S3"}`. */
  names(): Readonly<Record<string, string>>;
  /** The service whose actions begin with `prefix:`, in lower case. */
  of(prefix: string): ReferencedService | undefined;
}

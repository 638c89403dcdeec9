/**
 * Every documented global condition key, and whether requests here carry it.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */

export interface GlobalKey {
  /** As documented; `tag-key` stands for the key of a tag. */
  readonly name: string;
  readonly values: "single" | "multiple";
  /** `populated`: present whenever `note` holds. `unavailable`: never present, because of `note`. */
  readonly status: "populated" | "unavailable";
  readonly note: string;
}

const populated = (name: string, note: string): GlobalKey => ({ name, values: "single", status: "populated", note });
const several = (name: string, note: string): GlobalKey => ({ name, values: "multiple", status: "populated", note });
const unavailable = (name: string, note: string): GlobalKey => ({
  name,
  values: "single",
  status: "unavailable",
  note,
});

const NO_MCP = "AWS's MCP servers are not part of this cloud";
const NEEDS_EC2 = "credentials of an instance role carry it once EC2 hands them out";

export const GLOBAL_KEYS: readonly GlobalKey[] = [
  populated("aws:PrincipalArn", "signed requests of users, roles, federated users and root"),
  populated("aws:PrincipalAccount", "all but service principals; `anonymous` for anonymous requests"),
  several("aws:PrincipalOrgPaths", "the principal's account is in an organization"),
  populated("aws:PrincipalOrgID", "the principal's account is in an organization"),
  populated("aws:PrincipalTag/tag-key", "the user, role or session has the tag"),
  populated("aws:PrincipalIsAWSService", "signed requests"),
  populated("aws:PrincipalServiceName", "a service principal calls"),
  several("aws:PrincipalServiceNamesList", "a service principal calls"),
  populated("aws:PrincipalType", "always"),
  populated("aws:userid", "all but service principals"),
  populated("aws:username", "users"),

  populated("aws:AssumedRoot", "sessions of AssumeRoot"),
  populated("aws:FederatedProvider", "role sessions that an identity provider vouched for"),
  populated("aws:TokenIssueTime", "temporary credentials"),
  populated("aws:MultiFactorAuthAge", "temporary credentials that were issued for a second factor"),
  populated("aws:MultiFactorAuthPresent", "temporary credentials"),
  populated("aws:SourceIdentity", "sessions that a source identity was set for, here or up the chain"),
  unavailable("aws:ChatbotSourceArn", "chat applications are not part of this cloud"),
  unavailable("aws:Ec2InstanceSourceVpc", NEEDS_EC2),
  unavailable("aws:Ec2InstanceSourcePrivateIPv4", NEEDS_EC2),
  unavailable("ec2:RoleDelivery", NEEDS_EC2),
  unavailable("ec2:SourceInstanceArn", NEEDS_EC2),
  unavailable("glue:RoleAssumedBy", "Glue jobs are not part of this cloud"),
  unavailable("glue:CredentialIssuingService", "Glue jobs are not part of this cloud"),
  unavailable("lambda:SourceFunctionArn", "calls of a function carry it once Lambda runs them"),
  unavailable("ssm:SourceInstanceArn", "managed instances are not part of this cloud"),
  populated("identitystore:UserId", "role sessions that an application took on for a user of IAM Identity Center"),

  populated("aws:SourceIp", "requests that do not come through a VPC endpoint"),
  populated("aws:SourceVpc", "requests through a VPC endpoint"),
  populated("aws:SourceVpcArn", "requests through a VPC endpoint"),
  populated("aws:SourceVpce", "requests through a VPC endpoint"),
  populated("aws:VpceAccount", "requests through a VPC endpoint"),
  several("aws:VpceOrgPaths", "requests through a VPC endpoint whose owner is in an organization"),
  populated("aws:VpceOrgID", "requests through a VPC endpoint whose owner is in an organization"),
  populated("aws:VpcSourceIp", "requests through a VPC endpoint"),

  populated("aws:ResourceAccount", "always"),
  populated("aws:ResourceOrgID", "the resource's account is in an organization"),
  several("aws:ResourceOrgPaths", "the resource's account is in an organization"),
  populated("aws:ResourceTag/tag-key", "the resource has the tag, where the service tells its tags"),

  several("aws:CalledVia", "a service calls with the rights of the principal that called it"),
  populated("aws:CalledViaFirst", "a service calls with the rights of the principal that called it"),
  populated("aws:CalledViaLast", "a service calls with the rights of the principal that called it"),
  populated("aws:ViaAWSService", "always"),
  unavailable("aws:CalledViaAWSMCP", NO_MCP),
  unavailable("aws:ViaAWSMCPService", NO_MCP),
  unavailable("aws:IsMcpServiceAction", NO_MCP),
  populated("aws:CurrentTime", "always, by virtual time"),
  populated("aws:EpochTime", "always, by virtual time"),
  populated("aws:referer", "requests with a Referer header"),
  populated("aws:RequestedRegion", "always"),
  populated("aws:RequestTag/tag-key", "the request names the tag with a value"),
  several("aws:TagKeys", "the request names tags or keys of tags"),
  populated("aws:SecureTransport", "always"),
  populated("aws:SourceArn", "a service principal calls on behalf of a resource"),
  populated("aws:SourceAccount", "a service principal calls on behalf of a resource"),
  populated("aws:SourceOwner", "a service principal calls on behalf of a resource"),
  several("aws:SourceOrgPaths", "the account of that resource is in an organization"),
  populated("aws:SourceOrgID", "the account of that resource is in an organization"),
  populated("aws:UserAgent", "requests with a User-Agent header"),
];

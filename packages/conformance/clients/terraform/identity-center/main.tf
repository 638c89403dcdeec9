# Who may do what in which account, as a team that administers IAM Identity Center would describe it.

data "aws_ssoadmin_instances" "this" {}

data "aws_caller_identity" "me" {}

locals {
  arn   = tolist(data.aws_ssoadmin_instances.this.arns)[0]
  store = tolist(data.aws_ssoadmin_instances.this.identity_store_ids)[0]
}

resource "aws_identitystore_user" "ann" {
  identity_store_id = local.store
  user_name         = "ann"
  display_name      = "Ann Example"
  name {
    given_name  = "Ann"
    family_name = "Example"
  }
  emails {
    value   = "ann@example.com"
    primary = true
    type    = "work"
  }
  title = "Engineer"
  addresses {
    country  = "NL"
    locality = "Town"
    primary  = true
  }
  phone_numbers {
    value = "123"
  }
}

resource "aws_identitystore_group" "readers" {
  identity_store_id = local.store
  display_name      = "readers"
  description       = "who reads"
}

resource "aws_identitystore_group_membership" "m" {
  identity_store_id = local.store
  group_id          = aws_identitystore_group.readers.group_id
  member_id         = aws_identitystore_user.ann.user_id
}

resource "aws_ssoadmin_permission_set" "ro" {
  name             = "ReadOnly"
  description      = "reads"
  instance_arn     = local.arn
  session_duration = "PT2H"
  relay_state      = "https://console.aws.amazon.com/s3"
  tags             = { team = "x" }
}

resource "aws_iam_policy" "own" {
  name   = "own"
  path   = "/team/"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:*", Resource = "*" }] })
}

resource "aws_ssoadmin_customer_managed_policy_attachment" "own" {
  instance_arn       = local.arn
  permission_set_arn = aws_ssoadmin_permission_set.ro.arn
  customer_managed_policy_reference {
    name = aws_iam_policy.own.name
    path = "/team/"
  }
}

resource "aws_ssoadmin_permission_set_inline_policy" "i" {
  instance_arn       = local.arn
  permission_set_arn = aws_ssoadmin_permission_set.ro.arn
  inline_policy      = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:*", Resource = "*" }] })
}

resource "aws_ssoadmin_account_assignment" "a" {
  instance_arn       = local.arn
  permission_set_arn = aws_ssoadmin_permission_set.ro.arn
  principal_id       = aws_identitystore_group.readers.group_id
  principal_type     = "GROUP"
  target_id          = data.aws_caller_identity.me.account_id
  target_type        = "AWS_ACCOUNT"
  depends_on         = [aws_ssoadmin_customer_managed_policy_attachment.own, aws_ssoadmin_permission_set_inline_policy.i]
}

resource "aws_ssoadmin_instance_access_control_attributes" "x" {
  instance_arn = local.arn
  attribute {
    key = "team"
    value {
      source = ["$${path:enterprise.department}"]
    }
  }
}

resource "aws_ssoadmin_application" "app" {
  name                     = "shop"
  application_provider_arn = "arn:aws:sso::aws:applicationProvider/custom"
  instance_arn             = local.arn
  portal_options {
    visibility = "ENABLED"
    sign_in_options {
      application_url = "http://example.com"
      origin          = "APPLICATION"
    }
  }
}

resource "aws_ssoadmin_application_assignment" "aa" {
  application_arn = aws_ssoadmin_application.app.application_arn
  principal_id    = aws_identitystore_user.ann.user_id
  principal_type  = "USER"
}

resource "aws_ssoadmin_application_assignment_configuration" "ac" {
  application_arn     = aws_ssoadmin_application.app.application_arn
  assignment_required = false
}

resource "aws_ssoadmin_application_access_scope" "s" {
  application_arn    = aws_ssoadmin_application.app.application_arn
  authorized_targets = [aws_ssoadmin_application.app.application_arn]
  scope              = "sso:account:access"
}

resource "aws_ssoadmin_trusted_token_issuer" "t" {
  name                      = "example"
  instance_arn              = local.arn
  trusted_token_issuer_type = "OIDC_JWT"
  trusted_token_issuer_configuration {
    oidc_jwt_configuration {
      claim_attribute_path          = "email"
      identity_store_attribute_path = "emails.value"
      issuer_url                    = "https://example.com"
      jwks_retrieval_option         = "OPEN_ID_DISCOVERY"
    }
  }
}

data "aws_identitystore_user" "ann" {
  identity_store_id = local.store
  alternate_identifier {
    unique_attribute {
      attribute_path  = "UserName"
      attribute_value = aws_identitystore_user.ann.user_name
    }
  }
}

data "aws_identitystore_group" "g" {
  identity_store_id = local.store
  alternate_identifier {
    unique_attribute {
      attribute_path  = "DisplayName"
      attribute_value = aws_identitystore_group.readers.display_name
    }
  }
}

data "aws_ssoadmin_permission_set" "p" {
  instance_arn = local.arn
  name         = aws_ssoadmin_permission_set.ro.name
}

data "aws_ssoadmin_application_providers" "pr" {}

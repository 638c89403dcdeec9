# An app's users: a pool that keeps them, and one that trades their tokens for credentials.

resource "aws_cognito_user_pool" "players" {
  name                     = "players"
  auto_verified_attributes = ["email"]
  alias_attributes         = ["email"]
  mfa_configuration        = "OPTIONAL"

  software_token_mfa_configuration {
    enabled = true
  }

  password_policy {
    minimum_length                   = 12
    require_lowercase                = true
    require_numbers                  = true
    require_symbols                  = false
    require_uppercase                = true
    temporary_password_validity_days = 3
  }

  account_recovery_setting {
    recovery_mechanism {
      name     = "verified_email"
      priority = 1
    }
  }

  schema {
    name                = "level"
    attribute_data_type = "Number"
    mutable             = true
    required            = false

    number_attribute_constraints {
      min_value = 1
      max_value = 99
    }
  }
}

resource "aws_cognito_resource_server" "scores" {
  identifier   = "scores"
  name         = "scores"
  user_pool_id = aws_cognito_user_pool.players.id

  scope {
    scope_name        = "write"
    scope_description = "put scores in"
  }
}

resource "aws_cognito_user_pool_client" "app" {
  name                                 = "app"
  user_pool_id                         = aws_cognito_user_pool.players.id
  explicit_auth_flows                  = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["code"]
  allowed_oauth_scopes                 = ["openid", "email"]
  callback_urls                        = ["http://localhost:3000/callback"]
  logout_urls                          = ["http://localhost:3000/bye"]
  supported_identity_providers         = ["COGNITO"]
  access_token_validity                = 30

  token_validity_units {
    access_token = "minutes"
  }
}

resource "aws_cognito_user_pool_client" "backend" {
  name                                 = "backend"
  user_pool_id                         = aws_cognito_user_pool.players.id
  generate_secret                      = true
  allowed_oauth_flows_user_pool_client = true
  allowed_oauth_flows                  = ["client_credentials"]
  allowed_oauth_scopes                 = aws_cognito_resource_server.scores.scope_identifiers
}

resource "aws_cognito_user_pool_domain" "players" {
  domain       = "players"
  user_pool_id = aws_cognito_user_pool.players.id
}

resource "aws_cognito_user_group" "champions" {
  name         = "champions"
  user_pool_id = aws_cognito_user_pool.players.id
  precedence   = 1
  role_arn     = aws_iam_role.player.arn
}

resource "aws_cognito_user" "ann" {
  user_pool_id   = aws_cognito_user_pool.players.id
  username       = "ann"
  password       = "Correct-Horse-77"
  message_action = "SUPPRESS"

  attributes = {
    email          = "ann@example.com"
    email_verified = true
  }
}

resource "aws_cognito_user_in_group" "ann" {
  user_pool_id = aws_cognito_user_pool.players.id
  group_name   = aws_cognito_user_group.champions.name
  username     = aws_cognito_user.ann.username
}

resource "aws_cognito_identity_pool" "players" {
  identity_pool_name               = "players"
  allow_unauthenticated_identities = true
  allow_classic_flow               = false
  developer_provider_name          = "login.players"

  cognito_identity_providers {
    client_id               = aws_cognito_user_pool_client.app.id
    provider_name           = aws_cognito_user_pool.players.endpoint
    server_side_token_check = true
  }

  supported_login_providers = {
    "accounts.google.com" = "123456789012.apps.googleusercontent.com"
  }
}

data "aws_iam_policy_document" "trust" {
  for_each = toset(["authenticated", "unauthenticated"])

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = ["cognito-identity.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "cognito-identity.amazonaws.com:aud"
      values   = [aws_cognito_identity_pool.players.id]
    }

    condition {
      test     = "ForAnyValue:StringLike"
      variable = "cognito-identity.amazonaws.com:amr"
      values   = [each.value]
    }
  }
}

resource "aws_iam_role" "player" {
  name               = "player"
  assume_role_policy = data.aws_iam_policy_document.trust["authenticated"].json
}

resource "aws_iam_role" "guest" {
  name               = "guest"
  assume_role_policy = data.aws_iam_policy_document.trust["unauthenticated"].json
}

resource "aws_cognito_identity_pool_roles_attachment" "players" {
  identity_pool_id = aws_cognito_identity_pool.players.id

  role_mapping {
    identity_provider         = "${aws_cognito_user_pool.players.endpoint}:${aws_cognito_user_pool_client.app.id}"
    ambiguous_role_resolution = "AuthenticatedRole"
    type                      = "Rules"

    mapping_rule {
      claim      = "cognito:groups"
      match_type = "Contains"
      role_arn   = aws_iam_role.player.arn
      value      = "champions"
    }
  }

  roles = {
    authenticated   = aws_iam_role.player.arn
    unauthenticated = aws_iam_role.guest.arn
  }
}

resource "aws_cognito_identity_pool_provider_principal_tag" "players" {
  identity_pool_id       = aws_cognito_identity_pool.players.id
  identity_provider_name = aws_cognito_user_pool.players.endpoint
  use_defaults           = false

  principal_tags = {
    player = "sub"
  }
}

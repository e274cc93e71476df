"""Who a plan's resource policies let in: nobody unnamed, no service without saying for whom, and whoever comes, by TLS.

What the policies of roles allow is compared with what is needed by iam/; this is about policies that stand at a resource.
"""

import json
import re

from planned import Plan, Resource

from . import policies

# Keys of conditions that say for whom a principal comes, as IAM compares them.
NARROWING = {
    "aws:sourceaccount", "aws:sourcearn", "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:sourceorgid",
    "aws:sourcevpc", "aws:sourcevpce", "kms:calleraccount",
}
# A key's policy may narrow by what is encrypted, where a service tells no account.
ENCRYPTED = "kms:encryptioncontext:"
POSITIVE = re.compile(r"(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)")
TOPICS, ENDPOINTS, KEYS = {"aws_sns_topic", "aws_sns_topic_policy"}, {"aws_vpc_endpoint", "aws_vpc_endpoint_policy"}, {"aws_kms_key", "aws_kms_key_policy"}
# What must refuse plain HTTP. The other services answer by TLS alone.
TLS_ONLY = {"aws_s3_bucket_policy", "aws_sqs_queue", "aws_sqs_queue_policy", "aws_sns_topic_policy"}
# Further ways to let somebody in, which nothing here looks into.
UNREAD = {
    "aws_lambda_function_url", "aws_lambda_layer_version_permission", "aws_s3_bucket_acl", "aws_s3_object_acl",
    "aws_s3_access_point", "aws_s3control_access_point_policy", "aws_sns_topic_permission", "aws_sqs_queue_permission",
    "aws_cloudwatch_event_permission", "aws_lakeformation_permissions", "aws_ram_resource_share", "aws_glue_resource_policy",
}
EVENTS = "events.amazonaws.com"
# The one grant there is: Macie's role reads what the key of the buckets has encrypted (modules/macie says why no policy does).
GRANTEE = re.compile(r"arn:[^:]+:iam::\d{12}:role/aws-service-role/macie\.amazonaws\.com/AWSServiceRoleForAmazonMacie")


def faults(plan: Plan) -> list[str]:
    """What in a plan lets in more than is meant."""
    found = [f"{resource.address}: lets somebody in by a way that this check does not read" for resource in plan.of_type(*UNREAD)]
    accounts = _accounts(plan)
    for resource in plan.resources:
        for (kind, argument), shape in policies.KINDS.items():
            if resource.type != kind or not shape.has_principal or shape is policies.TRUST:
                continue
            document = _parsed(resource[argument])
            place = f"{resource.address}.{argument}"
            for number, statement in enumerate(document, 1):
                name = statement.get("Sid") or number
                found += [f"{place}: statement {name}: {fault}" for fault in _statement_faults(statement, resource, plan, accounts)]
            if document and resource.type in TLS_ONLY and not any(_refuses_plain(statement) for statement in document):
                found.append(f"{place}: does not refuse plain HTTP to everybody")
    for permission in plan.of_type("aws_lambda_permission"):
        found += [f"{permission.address}: {fault}" for fault in _permission_faults(permission)]
    for grant in plan.of_type("aws_kms_grant"):
        if not GRANTEE.fullmatch(grant["grantee_principal"] or "") or grant["operations"] != ["Decrypt"]:
            found.append(f"{grant.address}: grants {grant['operations']} to {grant['grantee_principal']}, which nobody has asked for")
    return found


def _statement_faults(statement: dict, resource: Resource, plan: Plan, accounts: set[str]) -> list[str]:
    found = []
    for operator, key, values in _conditions(statement):
        if key == "aws:securetransport" and statement["Effect"] == "Deny" and (operator not in ("Bool", "BoolIfExists") or values != ["false"]):
            found.append(f"refuses requests of which aws:SecureTransport is {', '.join(values)}: those by TLS")
        if key == "s3:tlsversion" and statement["Effect"] == "Deny" and operator != "NumericLessThan":
            found.append("refuses new versions of TLS, and not old ones")
    if statement["Effect"] == "Deny":
        if not statement.get("Condition"):
            found.append("refuses everything, in any case")
        return found
    found += [f"has {member}, which allows what nobody has named" for member in ("NotPrincipal", "NotAction", "NotResource") if member in statement]
    for kind, principal in _principals(statement):
        found += _principal_faults(kind, principal, statement, resource, plan, accounts)
    return found


def _principal_faults(kind: str, principal: str, statement: dict, resource: Resource, plan: Plan, accounts: set[str]) -> list[str]:
    if resource.type in ENDPOINTS:
        # Whoever passes an endpoint still needs a permission of IAM: what passes is what counts.
        return _width_faults(statement)
    if kind == "Service":
        return _service_faults(principal, statement, resource, plan)
    if "*" in principal:
        return [] if _is_narrowed(statement, resource) else ["lets in everybody: Principal is * and no condition says who"]
    account = principal if re.fullmatch(r"\d{12}", principal) else (principal.split(":") + [""] * 5)[4]
    if accounts and account not in accounts:
        return [f"lets in {principal}, of another account"]
    wide = [action for action in _listed(statement.get("Action")) if action == "*" or action.endswith(":*")]
    is_account = account == principal or principal.endswith(":root")
    return [f"{principal} may {action}; name the actions" for action in wide if not (is_account and resource.type in KEYS)]


def _service_faults(principal: str, statement: dict, resource: Resource, plan: Plan) -> list[str]:
    if principal == EVENTS and resource.type in TOPICS:
        # EventBridge publishes only where the statement for it has no condition, and only a rule gives it something to say.
        targets = {target["arn"] for target in plan.of_type("aws_cloudwatch_event_target")}
        found = ["EventBridge cannot publish by a statement with a condition"] if statement.get("Condition") else []
        if not targets & set(_listed(statement.get("Resource"))):
            found.append("lets EventBridge publish, though no rule of the plan does")
        return found
    found = [] if _is_narrowed(statement, resource) else [f"{principal} may come for anybody: no condition names a source"]
    wide = [action for action in _listed(statement.get("Action")) if action == "*" or action.endswith(":*")]
    return found + [f"{principal} may {action}; name the actions" for action in wide]


def _width_faults(statement: dict) -> list[str]:
    """What is too wide where anybody may come."""
    found = [f"lets through {action} of everybody; name the actions" for action in _listed(statement.get("Action")) if "*" in action or "?" in action]
    for resource in _listed(statement.get("Resource")):
        parts = resource.split(":", 5)
        rest = parts[5] if len(parts) == 6 else "*"
        # The kind of a resource, as in role/NAME or function:NAME, narrows nothing.
        named = re.sub(r"^[a-z-]+[/:](?=.)", "", rest) if parts[:3][-1:] != ["s3"] else rest
        is_foreign = len(parts) == 6 and parts[2] != "s3" and not re.fullmatch(r"\d{12}", parts[4])
        if named[:1] in ("*", "?") or is_foreign:
            found.append(f"lets everybody through to {resource}; name what there is to reach")
    return found


def _is_narrowed(statement: dict, resource: Resource) -> bool:
    for operator, key, values in _conditions(statement):
        counts = key in NARROWING or (resource.type in KEYS and key.startswith(ENCRYPTED))
        if counts and POSITIVE.fullmatch(operator) and values and all(_is_named(value) for value in values):
            return True
    return False


def _is_named(value: str) -> bool:
    """Whether a value leaves something out: an ARN must name its service and its resource or account, or it is any."""
    if not value.startswith("arn:"):
        return bool(value.strip("*?"))
    parts = (value.split(":", 5) + [""] * 6)[:6]
    return "*" not in parts[2] and (bool(re.fullmatch(r"\d{12}", parts[4])) or bool(parts[5].strip("*?")) and not parts[4])


def _permission_faults(permission: Resource) -> list[str]:
    found = []
    principal = permission["principal"] or ""
    sources = [name for name in ("source_arn", "source_account", "principal_org_id") if permission.is_unknown(name) or permission[name]]
    if "*" in principal:
        found.append("lets in everybody: principal is *")
    if not sources:
        found.append(f"{principal} may come for anybody: neither source_arn nor source_account")
    elif permission["source_arn"] and not _is_named(permission["source_arn"]):
        found.append(f"{principal} may come for anybody: source_arn is {permission['source_arn']}")
    if permission["action"] != "lambda:InvokeFunction" or permission["function_url_auth_type"]:
        found.append(f"allows {permission['action']}, not only to invoke the function")
    return found


def _refuses_plain(statement: dict) -> bool:
    conditions = list(_conditions(statement))
    everybody = any("*" == principal for _, principal in _principals(statement))
    return statement["Effect"] == "Deny" and everybody and conditions == [("Bool", "aws:securetransport", ["false"])]


def _conditions(statement: dict):
    """Operator, key in lower case, and values of each condition."""
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, values in keys.items():
            yield operator, key.lower(), [str(value).lower() if isinstance(value, bool) else str(value) for value in _listed(values)]


def _principals(statement: dict):
    given = statement.get("Principal")
    for kind, values in (given if isinstance(given, dict) else {"AWS": given} if given else {}).items():
        for value in _listed(values):
            yield kind, value


def _accounts(plan: Plan) -> set[str]:
    """The account that the plan is for, as its data sources say."""
    known = plan.document.get("prior_state", {}).get("values", {}).get("root_module", {}).get("resources", [])
    return {resource["values"]["account_id"] for resource in known if resource["type"] == "aws_caller_identity"}


def _parsed(text: str | None) -> list[dict]:
    """The statements of a policy; none where it is unknown or broken, which checks/policies.py says."""
    try:
        statements = _listed(json.loads(text or "{}").get("Statement", []))
    except (ValueError, AttributeError):
        return []
    return [statement for statement in statements if isinstance(statement, dict) and "Effect" in statement]


def _listed(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]

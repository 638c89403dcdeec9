"""Event data stores and their queries as boto3 knows them."""

from cloud import ACCOUNT, REGION, advance, client, equal, refused, run

trails = client("cloudtrail")
iam = client("iam")
MADE = {}


def ask(text):
    statement = text.replace("$EDS", MADE["id"])
    query = trails.start_query(QueryStatement=statement)["QueryId"]
    advance(2)
    return query


def rows(query):
    """Of all pages."""
    found, more = [], {}
    while True:
        page = trails.get_query_results(QueryId=query, MaxQueryResults=2, **more)
        found += page["QueryResultRows"]
        if "NextToken" not in page:
            return found
        more = {"NextToken": page["NextToken"]}


def check_a_store_is_made():
    made = trails.create_event_data_store(Name="lake", TagsList=[{"Key": "team", "Value": "audit"}])
    equal(made["Status"], "CREATED")
    MADE["arn"] = made["EventDataStoreArn"]
    MADE["id"] = made["EventDataStoreArn"].split("/")[1]
    assert made["EventDataStoreArn"].startswith(f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:eventdatastore/")
    found = trails.get_event_data_store(EventDataStore=MADE["id"])
    equal((found["Status"], found["RetentionPeriod"]), ("ENABLED", 366))
    equal(found["KmsKeyId"] if "KmsKeyId" in found else None, None)


def check_a_query_finds_what_happened():
    for number in range(5):
        iam.create_user(UserName=f"user{number}")
    advance(60)
    query = ask(
        "SELECT element_at(requestParameters, 'userName') AS name, eventTime FROM $EDS "
        "WHERE eventName = 'CreateUser' AND userIdentity.type = 'Root' ORDER BY name"
    )
    described = trails.describe_query(QueryId=query)
    equal((described["QueryStatus"], described["QueryStatistics"]["EventsMatched"]), ("FINISHED", 5))
    equal([row[0]["name"] for row in rows(query)], [f"user{number}" for number in range(5)])


def check_queries_are_listed():
    equal([store["Name"] for store in trails.list_event_data_stores()["EventDataStores"]], ["lake"])
    equal(len(trails.list_queries(EventDataStore=MADE["arn"])["Queries"]), 1)


def check_wrong_statements():
    refused(
        lambda: ask("SELECT nothing FROM $EDS"),
        "InvalidQueryStatementException",
        400,
        "line 1:8: Column 'nothing' cannot be resolved",
    )
    refused(lambda: trails.cancel_query(QueryId="0" * 36), "QueryIdNotFoundException", 400)


def check_a_store_ends():
    refused(
        lambda: trails.delete_event_data_store(EventDataStore=MADE["arn"]),
        "EventDataStoreTerminationProtectedException",
        400,
    )
    trails.update_event_data_store(EventDataStore=MADE["arn"], TerminationProtectionEnabled=False)
    trails.delete_event_data_store(EventDataStore=MADE["arn"])
    equal(trails.get_event_data_store(EventDataStore=MADE["arn"])["Status"], "PENDING_DELETION")
    refused(lambda: ask("SELECT 1 FROM $EDS"), "InactiveEventDataStoreException", 400)
    advance(7 * 24 * 3600)
    refused(lambda: trails.get_event_data_store(EventDataStore=MADE["arn"]), "EventDataStoreNotFoundException", 400)


run(globals())

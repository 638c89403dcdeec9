"""Topics, subscriptions, filters, FIFO topics, web endpoints and devices as boto3 knows them."""

import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer

from cloud import ACCOUNT, REGION, client, equal, refused, run

sns = client("sns")
sqs = client("sqs")


def topic_of(name, **attributes):
    return sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]


def listener(topic, name, **attributes):
    fifo = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
    url = sqs.create_queue(QueueName=name, Attributes=fifo)["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn,
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes=attributes)
    return url


def texts(url):
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [message["Body"] for message in found]


def check_fan_out():
    topic = topic_of("orders")
    plain = listener(topic, "plain")
    raw = listener(topic, "raw", RawMessageDelivery="true")
    blue = listener(topic, "blue", RawMessageDelivery="true", FilterPolicy='{"color": ["blue"]}')
    sns.publish(TopicArn=topic, Message="hej <&> då", Subject="greeting")
    color = {"color": {"DataType": "String", "StringValue": "blue"}}
    sns.publish(TopicArn=topic, Message="blue", MessageAttributes=color)
    envelopes = {one["Message"]: one for one in map(json.loads, texts(plain))}
    equal(envelopes["hej <&> då"]["Subject"], "greeting")
    equal(envelopes["blue"]["MessageAttributes"], {"color": {"Type": "String", "Value": "blue"}})
    equal(sorted(texts(raw)), ["blue", "hej <&> då"])
    equal(texts(blue), ["blue"])


def check_errors():
    for call, code, status in [
        (lambda: sns.get_topic_attributes(TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:none"), "NotFound", 404),
        (lambda: sns.publish(TopicArn="none", Message="x"), "InvalidParameter", 400),
        (lambda: sns.create_topic(Name="not a name"), "InvalidParameter", 400),
        (lambda: sns.publish(PhoneNumber="+1a", Message="x"), "InvalidParameter", 400),
    ]:
        refused(call, code, status)


def check_fifo():
    topic = topic_of("steps.fifo", FifoTopic="true", ContentBasedDeduplication="true")
    queue = listener(topic, "steps.fifo", RawMessageDelivery="true")
    entries = [{"Id": str(at), "Message": f"step {at}", "MessageGroupId": "all"} for at in range(5)]
    sent = sns.publish_batch(TopicArn=topic, PublishBatchRequestEntries=entries)
    equal([one["Id"] for one in sent["Successful"]], ["0", "1", "2", "3", "4"])
    sns.publish(TopicArn=topic, Message="step 4", MessageGroupId="all")
    equal(texts(queue), [f"step {at}" for at in range(5)])


class Hook(BaseHTTPRequestHandler):
    heard = []
    came = threading.Condition()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()
        with Hook.came:
            Hook.heard.append((self.headers["x-amz-sns-message-type"], json.loads(body)))
            Hook.came.notify()

    def log_message(self, *_):
        pass


def heard(count):
    with Hook.came:
        assert Hook.came.wait_for(lambda: len(Hook.heard) >= count, timeout=20), Hook.heard
        return Hook.heard[count - 1]


def check_web_endpoint():
    server = HTTPServer(("127.0.0.1", 0), Hook)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    topic = topic_of("hooks")
    sns.subscribe(TopicArn=topic, Protocol="http", Endpoint=f"http://127.0.0.1:{server.server_port}/hook")
    kind, asked = heard(1)
    equal(kind, "SubscriptionConfirmation")
    urllib.request.urlopen(asked["SubscribeURL"]).read()
    sns.publish(TopicArn=topic, Message="hello")
    kind, told = heard(2)
    equal([kind, told["Message"]], ["Notification", "hello"])
    urllib.request.urlopen(told["UnsubscribeURL"]).read()
    equal(sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"], [])
    server.shutdown()


def check_devices():
    secrets = {"PlatformCredential": "key", "PlatformPrincipal": "certificate"}
    made = sns.create_platform_application(Name="shop", Platform="APNS_SANDBOX", Attributes=secrets)
    application = made["PlatformApplicationArn"]
    endpoint = sns.create_platform_endpoint(PlatformApplicationArn=application, Token="token")["EndpointArn"]
    silent = json.dumps({"default": "x", "APNS_SANDBOX": json.dumps({"aps": {"content-available": 1}})})
    sns.publish(TargetArn=endpoint, MessageStructure="json", Message=silent)
    pages = sns.get_paginator("list_endpoints_by_platform_application")
    found = [one for page in pages.paginate(PlatformApplicationArn=application) for one in page["Endpoints"]]
    equal([one["EndpointArn"] for one in found], [endpoint])


def check_pages():
    for at in range(101):
        topic_of(f"page-{at}")
    found = [one for page in sns.get_paginator("list_topics").paginate() for one in page["Topics"]]
    equal(len([one for one in found if ":page-" in one["TopicArn"]]), 101)


run(globals())

"""boto3 with its envelope open: every answer is also read raw and strictly, beside botocore's own parsing."""

import json
from xml.etree import ElementTree

from shapes import Reader, query_result, xml_value

TYPES = {"json": "application/x-amz-json-1.1", "query": "text/xml", "rest-json": "application/json"}
STREAM_TYPE = "application/vnd.amazon.eventstream"


class Wire:
    """Clients of one demo world. Each answer is a check of its own, made where it arrives."""

    def __init__(self, session, config, url, report, reader=None):
        self.session, self.config, self.url, self.report = session, config, url, report
        self.reader = reader or Reader()
        self.raw = None  # the last answer, for a test to look at or to spoil

    def client(self, service, **more):
        client = self.session.client(service, endpoint_url=self.url, **{"config": self.config, **more})
        # Before botocore parses, and with the bytes as they came.
        client.meta.events.register(f"before-parse.{client.meta.service_model.service_id.hyphenize()}.*", self._arrived)
        return client

    def _arrived(self, operation_model, response_dict, **_):
        self.raw = (operation_model, response_dict)
        found = answer_complaints(self.reader, operation_model, response_dict)
        what = f"{operation_model.name} answered {response_dict['status_code']}"
        self.report.check(not found, f"{what}: {found[:3]} and {len(found[3:])} more")


def answer_complaints(reader, operation, response):
    """What is wrong with one raw answer: headers, frame and body. A stream's body is judged message by message."""
    headers = {name.lower(): value for name, value in response["headers"].items()}
    protocol, failed = operation.service_model.metadata["protocol"], response["status_code"] >= 300
    streams = operation.has_event_stream_output and not failed
    wanted = STREAM_TYPE if streams else TYPES[protocol]
    found = [] if headers.get("content-type") == wanted else [f"content-type {headers.get('content-type')}, not {wanted}"]
    found += [] if headers.get("x-amzn-requestid") else ["no x-amzn-RequestId"]
    if streams:
        return found
    try:
        if failed:
            return found + (_query_error(response["body"]) if protocol == "query" else _json_error(reader, operation, response))
        body = query_result(response["body"], operation) if protocol == "query" else json.loads(response["body"])
        if operation.output_shape is None:
            return found + ([] if body == {} else [f"{body} where the model has nothing"])
        return found + reader.complaints(body, operation.output_shape)
    except (ValueError, SyntaxError) as error:  # ElementTree.ParseError is a SyntaxError
        return [*found, f"unreadable: {error}"]


def message_complaints(reader, shape, headers, payload):
    """What is wrong with one message of an event stream of this shape."""
    kind, name = headers.get(":message-type"), headers.get(":event-type")
    if (kind, headers.get(":content-type")) != ("event", "application/json") or name not in shape.members:
        return [f"a message with the headers {headers}"]
    try:
        return reader.complaints(json.loads(payload), shape.members[name])
    except ValueError as error:
        return [f"unreadable: {error}"]


def _json_error(reader, operation, response):
    """Its code and, for an error of the model, exactly its members and its status.

    The code is `__type`, or a header where the protocol is REST. Of Secrets Manager's errors InternalServiceError is a 500.
    """
    body = json.loads(response["body"])
    rest = operation.service_model.metadata["protocol"] == "rest-json"
    code = response["headers"].get("x-amzn-errortype") if rest else body.pop("__type", None)
    if not isinstance(code, str) or not code:
        return [f"no __type but {code!r}"]
    declared = {shape.name: shape for shape in operation.error_shapes}
    if code not in declared:
        # AWS's common front: AccessDeniedException writes Message, others message; never both, nothing else.
        known = set(body) <= {"message"} or set(body) <= {"Message"}
        return [] if known else [f"{code} holds {sorted(body)}"]
    status = declared[code].metadata.get("error", {}).get("httpStatusCode") or (500 if code == "InternalServiceError" else 400)
    found = [] if response["status_code"] == status else [f"{code} came with {response['status_code']}, not {status}"]
    # The errors of CloudTrail and CloudWatch Logs are declared without members, and have the message all the same.
    bare = not declared[code].members
    found += [] if body.get("Message") or (bare and body.get("message")) else [f"{code} has no Message"]
    return found + ([] if bare else reader.complaints(body, declared[code]))


def _query_error(body):
    """<ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>"""
    frame = xml_value(ElementTree.fromstring(body))
    if set(frame) != {"Error", "RequestId"} or set(frame["Error"]) != {"Type", "Code", "Message"}:
        return [f"the error's frame holds {frame}"]
    return [] if frame["Error"]["Type"] in ("Sender", "Receiver") else [f"Type is {frame['Error']['Type']}"]

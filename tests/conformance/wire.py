"""boto3 with its envelope open: every answer is also read raw and strictly, beside botocore's own parsing."""

import json
from xml.etree import ElementTree

from shapes import Reader, query_result, xml_value

JSON_TYPE, XML_TYPE = "application/x-amz-json-1.1", "text/xml"


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
    """What is wrong with one raw answer: headers, frame and body."""
    headers = {name.lower(): value for name, value in response["headers"].items()}
    query = operation.service_model.metadata["protocol"] == "query"
    wanted = XML_TYPE if query else JSON_TYPE
    found = [] if headers.get("content-type") == wanted else [f"content-type {headers.get('content-type')}, not {wanted}"]
    found += [] if headers.get("x-amzn-requestid") else ["no x-amzn-RequestId"]
    try:
        if response["status_code"] >= 300:
            return found + (_query_error(response["body"]) if query else _json_error(reader, operation, response))
        body = query_result(response["body"], operation) if query else json.loads(response["body"])
        return found + reader.complaints(body, operation.output_shape)
    except (ValueError, SyntaxError) as error:  # ElementTree.ParseError is a SyntaxError
        return [*found, f"unreadable: {error}"]


def _json_error(reader, operation, response):
    """`__type` and, for an error of the model, exactly its members; only InternalServiceError is a 500."""
    body = json.loads(response["body"])
    code = body.pop("__type", None)
    if not isinstance(code, str) or not code:
        return [f"no __type but {code!r}"]
    declared = {shape.name: shape for shape in operation.error_shapes}
    if code not in declared:
        # AWS's common front: AccessDeniedException writes Message, others message; never both, nothing else.
        known = set(body) <= {"message"} or set(body) <= {"Message"}
        return [] if known else [f"{code} holds {sorted(body)}"]
    status = 500 if code == "InternalServiceError" else 400
    found = [] if response["status_code"] == status else [f"{code} came with {response['status_code']}, not {status}"]
    found += [] if body.get("Message") else [f"{code} has no Message"]
    # CloudTrail's errors are declared without members, and have the message all the same.
    return found + (reader.complaints(body, declared[code]) if declared[code].members else [])


def _query_error(body):
    """<ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/></ErrorResponse>"""
    frame = xml_value(ElementTree.fromstring(body))
    if set(frame) != {"Error", "RequestId"} or set(frame["Error"]) != {"Type", "Code", "Message"}:
        return [f"the error's frame holds {frame}"]
    return [] if frame["Error"]["Type"] in ("Sender", "Receiver") else [f"Type is {frame['Error']['Type']}"]

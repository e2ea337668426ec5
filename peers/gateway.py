"""Asks the gateway with a strict GraphQL client: gateway.py GATEWAY SCHOOL

The client fetches the schema by introspection, and checks questions and answers against it.
"""

import sys

import requests
from gql import Client, gql
from gql.transport.requests import RequestsHTTPTransport
from graphql import GraphQLError, validate_schema

from school import PARENT, PASSWORD, STUDENT, check

PAGES = """
    timetable({0}from: $from, to: $to) {{ id from to subject teacher room status isAway isCancelled color }}
    marks{1} {{ averages {{ student studentClass }}
        subjects {{ name color averages {{ student studentClass min max }} marks {{ id title value scale date isAway }} }} }}
    evaluations{1} {{ name teacher evaluations {{ id name date levels {{ name prefixes value {{ short long }} }} }} }}
    absences({0}from: $from, to: $to) {{ absences {{ id from to hours }} delays {{ id date minutesMissed }}
        punishments {{ id date giver detention {{ from to }} }} other {{ id kind date }}
        totals {{ subject hoursAssisted hoursMissed subs {{ subject }} }} }}
    infos{1} {{ id date title author content files {{ name url }} }}
    contents({0}from: $from, to: $to) {{ id subject teachers title description htmlDescription category }}
    homeworks({0}from: $from, to: $to) {{ id subject description for givenAt done files {{ name url }} }}
    menu({0}from: $from, to: $to) {{ date meals {{ name labels {{ name color }} }} }}
    files{1} {{ id time subject name url }}
"""

USER = """{
    user { name tabs { id subs { id } } hiddenTabs authorizations { discussions hasPassword timetableVisibleWeeks } }
    params { version serverTime firstDay lastDay periods { name from to } publicHolidays { name from to } fonts }
}"""


def token(gateway, school, account, username):
    login = {"url": school, "username": username, "password": PASSWORD, "account": account}
    answer = requests.post(f"{gateway}auth/login", json=login, timeout=60)
    check(answer.status_code == 200 and list(answer.json()) == ["token"], f"a {account} signs in")
    return answer.json()["token"]


def client(gateway, token):
    transport = RequestsHTTPTransport(url=f"{gateway}graphql", headers={"Token": token}, timeout=120)
    return Client(transport=transport, fetch_schema_from_transport=True, execute_timeout=None)


def main(gateway, school):
    for account, username in (("student", STUDENT), ("parent", PARENT)):
        mine = token(gateway, school, account, username)
        asker = client(gateway, mine)
        with asker as session:
            check(not validate_schema(asker.schema), f"the schema of a {account} is a valid one")
            who = session.execute(gql(USER))
            check(who["params"]["periods"] and who["user"]["tabs"], "who and where one is, is known")

            variables = {"from": who["params"]["firstDay"], "to": who["params"]["lastDay"]}
            if account == "student":
                query, arguments = "query($from: Date, $to: Date)", PAGES.format("", "")
            else:
                children = session.execute(gql("{ user { students { name studentClass { name } } } }"))["user"]["students"]
                variables["who"] = children[0]["name"]
                query = "query($who: String!, $from: Date, $to: Date)"
                arguments = PAGES.format("student: $who, ", "(student: $who)")
            pages = session.execute(gql(f"{query} {{ {arguments} }}"), variable_values=variables)
            full = {"timetable", "evaluations", "infos", "contents", "homeworks", "menu"}
            full |= {"files"} if account == "student" else set()
            check(all(pages[page] for page in full), "every page has something to say for a whole year")
            check(pages["marks"]["subjects"] and pages["absences"]["totals"], "so have marks and school life")

            try:
                session.execute(gql("{ user { nickname } }"))
                raise SystemExit("wrong: a question that the schema does not know is asked")
            except GraphQLError:
                check(True, "what the schema does not know is not asked")
        answer = requests.post(f"{gateway}auth/logout", headers={"Token": mine}, timeout=60)
        check(answer.json() == {"success": True}, "a token signs out")


main(*sys.argv[1:])

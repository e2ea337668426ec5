"""Writes what pronotepy reads of one pupil's year as JSON, in the form all clients are compared in: agree.py URL

Marks are decimal strings or `|k` for the annotation of code k. Times are the school's, to the minute.
"""

import datetime
import decimal
import json
import sys

import pronotepy
from pronotepy.dataClasses import Util

from school import PASSWORD, STUDENT


def mark(value):
    if value in Util.grade_translate:
        return f"|{Util.grade_translate.index(value) + 1}"
    return None if not value else f"{decimal.Decimal(value.replace(',', '.')).normalize():f}"


def moment(value):
    return value and value.strftime("%Y-%m-%dT%H:%M")


def day(value):
    return value and value.strftime("%Y-%m-%d")


def attachments(files):
    return sorted([file.name, ("link", "file")[file.type]] for file in files)


def lesson(one):
    said = {"start": moment(one.start), "end": moment(one.end), "detention": one.detention, "outing": one.outing, "memo": one.memo}
    if not one.outing:
        said |= {"teachers": sorted(one.teacher_names), "rooms": sorted(one.classrooms)}
    if not one.outing and not one.detention:
        said |= {
            "subject": one.subject and one.subject.name,
            "groups": sorted(one.group_names),
            "status": one.status,
            "cancelled": one.canceled,
            "exempted": one.exempted,
            "test": one.test,
            "videos": sorted(one.virtual_classrooms),
        }
    return said


def homework(one):
    return {
        "due": day(one.date),
        "subject": one.subject.name,
        "text": one.description,
        "done": one.done,
        "color": one.background_color,
        "attachments": attachments(one.files),
    }


def grade(one):
    return {
        "date": day(one.date),
        "subject": one.subject.name,
        "value": mark(one.grade),
        "out_of": mark(one.out_of),
        "average": mark(one.average),
        "highest": mark(one.max),
        "lowest": mark(one.min),
        "coefficient": mark(one.coefficient),
        "comment": one.comment,
        "bonus": one.is_bonus,
        "optional": one.is_optionnal,
        "out_of_20": one.is_out_of_20,
    }


def average(period, one):
    return {
        "period": period.name,
        "subject": one.subject.name,
        "pupil": mark(one.student),
        "class": mark(one.class_average),
        "highest": mark(one.max),
        "lowest": mark(one.min),
        "out_of": mark(one.out_of),
        "color": one.background_color,
    }


def evaluation(one):
    return {
        "date": day(one.date),
        "name": one.name,
        "subject": one.subject.name,
        "teacher": one.teacher,
        "description": one.description,
        "skills": [
            [skill.level, skill.abbreviation, skill.domain, skill.name, skill.pillar]
            for skill in sorted(one.acquisitions, key=lambda skill: skill.order)
        ],
    }


def absence(one):
    hours, minutes = one.hours.split("h")
    return {
        "start": moment(one.from_date),
        "end": moment(one.to_date),
        "justified": one.justified,
        "minutes": int(hours) * 60 + int(minutes or 0),
        "days": one.days,
        "reasons": one.reasons[:1],
    }


def delay(one):
    return {"date": moment(one.date), "minutes": one.minutes, "justified": one.justified, "reasons": one.reasons[:1]}


def punishment(one):
    return {
        "given": day(one.given),
        "nature": one.nature,
        "during_lesson": one.during_lesson,
        "exclusion": one.exclusion,
        "work": one.homework,
        "circumstances": one.circumstances,
        "giver": one.giver,
        "minutes": one.duration and int(one.duration.total_seconds() // 60),
        "reasons": one.reasons,
    }


def menu(one):
    courses = (one.first_meal, one.main_meal, one.side_meal, one.other_meal, one.dessert, one.cheese)
    return {
        "date": day(one.date),
        "meal": "lunch" if one.is_lunch else "dinner",
        "courses": [[[dish.name, sorted(label.name for label in dish.labels)] for dish in course or []] for course in courses],
    }


def news(one):
    text = one.content if isinstance(one.content, str) else one.content()
    files = one.attachments if isinstance(one.attachments, list) else one.attachments()
    return {
        "title": one.title,
        "author": one.author,
        "category": one.category,
        "created": moment(one.creation_date),
        "read": one.read,
        "survey": one.survey,
        "text": text,
        "attachments": attachments(files),
    }


def discussion(one):
    return {
        "subject": one.subject,
        "creator": one.creator,
        "unread": one.unread,
        "closed": one.closed,
        "trash": "Trash" in one.labels,
        "participants": sorted(one.participants()),
        "messages": sorted([moment(message.created), message.author or "", message.content] for message in one.messages),
    }


def of_every_period(client, list_name, read):
    """An element that spans two periods is listed in each: it counts once."""
    found = [read(one) for period in client.periods for one in getattr(period, list_name)]
    return list({json.dumps(one): one for one in found}.values())


def main(root):
    client = pronotepy.Client(root + "eleve.html", STUDENT, PASSWORD)
    first, last = client.start_day, datetime.datetime.strptime(client.func_options["dataSec"]["data"]["General"]["DerniereDate"]["V"], "%d/%m/%Y").date()
    terms = [period for period in client.periods if period.grades]
    json.dump(
        {
            "lessons": [lesson(one) for one in client.lessons(first, last + datetime.timedelta(days=1))],
            "homework": [homework(one) for one in client.homework(first)],
            "grades": of_every_period(client, "grades", grade),
            "averages": [average(period, one) for period in terms for one in period.averages],
            "evaluations": of_every_period(client, "evaluations", evaluation),
            "absences": of_every_period(client, "absences", absence),
            "delays": of_every_period(client, "delays", delay),
            "punishments": of_every_period(client, "punishments", punishment),
            "menus": [menu(one) for one in client.menus(first, last)],
            "news": [news(one) for one in client.information_and_surveys()],
            "discussions": [discussion(one) for one in client.discussions()],
            "people": [
                {
                    "name": client.info.name,
                    "class": client.info.class_name,
                    "school": client.info.establishment,
                    "email": client.info.email,
                    "phone": client.info.phone,
                    "national_id": client.info.ine_number,
                }
            ],
        },
        sys.stdout,
    )


main(*sys.argv[1:])

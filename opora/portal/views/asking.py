"""«Задать вопрос»: one question a step. The draft lies on the server under a random key from a cookie."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from opora.access.guard import public
from opora.access.scope import enter
from opora.appeals.errors import FileRefused
from opora.appeals.file_kinds import ENDINGS
from opora.portal import help, limits, steps
from opora.portal.errors import NotTaken, TooOften
from opora.portal.faces import Face
from opora.portal.models import Ask
from opora.portal.pages import of_site, show
from opora.portal.services import drafts, sending
from opora.portal.services.drafts import SYSTEM
from opora.portal.steps import Step
from opora.portal.words import Way

COOKIE = "ask"
WHY = "спросить может каждый; черновик открывает только ключ из его браузера"
TITLES = {Way.QUESTION: "Вопрос", Way.DELIVERY: "Доставка полиса"}


@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY)
@of_site
def ask(request: HttpRequest, face: Face) -> HttpResponse:
    return _begin(request, face, Way.QUESTION)


@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY)
@of_site
def delivery(request: HttpRequest, face: Face) -> HttpResponse:
    if not steps.categories(face.territory):
        return show(request, face, "no_delivery")
    return _begin(request, face, Way.DELIVERY)


@require_http_methods(["GET", "HEAD", "POST"])
@public(WHY)
@of_site
def step(request: HttpRequest, face: Face, step: str) -> HttpResponse:
    """A later step: of the question this browser has begun; without one — from the beginning."""
    found = _mine(request, face)
    if found is None:
        return _to(face, "ask")
    if found.sent_at is not None:
        return _to(face, "done")
    asked = steps.step_of(found.way, step)
    if asked is None:
        return show(request, face, "missing", status=404)
    if asked is steps.PATHS[found.way][0]:
        return _to(face, "ask" if found.way == Way.QUESTION else "delivery")
    if asked is steps.LOOK:
        return _look(request, face, found)
    if asked is steps.ATTACH:
        return _files(request, face, found)
    if asked is steps.LAST:
        return _check(request, face, found)
    return _form(request, face, found, asked)


@require_POST
@public(WHY)
@of_site
def helped(request: HttpRequest, face: Face) -> HttpResponse:
    """An answer was found: nothing is sent, the draft is forgotten."""
    found = _mine(request, face)
    if found is not None and found.sent_at is None:
        with enter(SYSTEM):
            drafts.drop(found)
    page = show(request, face, "helped")
    page.delete_cookie(COOKIE, path=face.home)
    return page


@require_safe
@public(WHY)
@of_site
def done(request: HttpRequest, face: Face) -> HttpResponse:
    """The number, the code and what happens next; for an hour, in this browser alone."""
    found = _mine(request, face)
    if found is None or found.sent_at is None:
        return _to(face, "state")
    return show(request, face, "done", {"ask": found})


def _begin(request: HttpRequest, face: Face, way: Way) -> HttpResponse:
    """The first step: of the question at hand, or of a new one."""
    found = _mine(request, face)
    if found is not None and (found.way != way or found.sent_at is not None):
        found = None
    first = steps.PATHS[way][0]
    form = steps.form_of(first, face.territory, found.answers if found else {}, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, face, way, first, form)
    key = ""
    if found is None:
        try:
            limits.spend(request, (limits.ASK_BY_ADDRESS, limits.place(request)))
        except TooOften as refusal:
            return show(request, face, "limited", {"refusal": refusal.sentence}, status=refusal.status)
    with enter(SYSTEM):
        if found is None:
            found, key = drafts.begin(face.slug, way)
        drafts.answer(found, first.slug, steps.kept(form.cleaned_data))
    answer = _to_step(face, steps.after(way, first))
    if key:
        answer.set_cookie(
            COOKIE,
            key,
            max_age=int(drafts.KEPT.total_seconds()),
            path=face.home,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


def _form(request: HttpRequest, face: Face, found: Ask, asked: Step) -> HttpResponse:
    form = steps.form_of(asked, face.territory, found.answers, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _shown(request, face, Way(found.way), asked, form)
    with enter(SYSTEM):
        drafts.answer(found, asked.slug, steps.kept(form.cleaned_data))
    return _to_step(face, steps.after(found.way, asked))


def _look(request: HttpRequest, face: Face, found: Ask) -> HttpResponse:
    """Answers that may be enough; where none fits, the next step at once."""
    following = steps.after(found.way, steps.LOOK)
    fitting = help.fitting(face, found.answers.get("text", {}).get("text", ""), help.MOST_BESIDE)
    if request.method == "POST" or not fitting:
        return _to_step(face, following)
    return show(request, face, "look_first", {"found": fitting, **_around(face, Way(found.way), steps.LOOK)})


def _files(request: HttpRequest, face: Face, found: Ask) -> HttpResponse:
    faults: list[str] = []
    if request.method == "POST":
        if "remove" in request.POST:
            with enter(SYSTEM):
                number = request.POST["remove"]
                drafts.detach(found, int(number) if number.isascii() and number.isdigit() and len(number) < 18 else 0)
            return _to_step(face, steps.ATTACH)
        sent = request.FILES.getlist("files")
        for file in sent[: drafts.MOST_FILES + 1]:
            try:
                limits.spend(request, (limits.ATTACH_BY_ADDRESS, limits.place(request)))
                with enter(SYSTEM):
                    _attach(found, file)
            except (FileRefused, TooOften) as refusal:
                faults.append(f"{file.name}: {refusal.sentence}")
        if not faults:
            return _to_step(face, steps.ATTACH if sent else steps.after(found.way, steps.ATTACH))
    with enter(SYSTEM):
        kept = list(found.files.defer("content"))
    context = {"files": kept, "faults": faults, "most": drafts.MOST_FILES, "endings": ",".join(ENDINGS)}
    return show(
        request,
        face,
        "step_files",
        {**context, **_around(face, Way(found.way), steps.ATTACH)},
        status=422 if faults else 200,
    )


def _attach(found: Ask, file: Any) -> None:
    """A file that is too large is not read into the memory."""
    if file.size and file.size > drafts.MOST_BYTES:
        raise FileRefused(f"Файл больше {drafts.MOST_BYTES // 1024 // 1024} МБ. Уменьшите его или приложите частями.")
    drafts.attach(found, str(file.name), file.read())


def _check(request: HttpRequest, face: Face, found: Ask) -> HttpResponse:
    left = steps.missing(found.way, found.answers)
    if left is not None:
        return _to_step(face, left)
    form = steps.form_of(steps.LAST, face.territory, {}, request.POST if request.method == "POST" else None)
    refusal, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            limits.spend(request, (limits.SEND_BY_ADDRESS, limits.place(request)), (limits.SEND_BY_ALL, face.territory))
            sending.send(found)
            return _to(face, "done")
        except (TooOften, NotTaken) as fault:
            refusal, status = fault.sentence, fault.status
    with enter(SYSTEM):
        files = list(found.files.defer("content"))
    context = {
        "form": form,
        "lines": steps.lines_of(found.way, found.answers, face.territory),
        "files": files,
        "refusal": refusal,
        **_around(face, Way(found.way), steps.LAST),
    }
    return show(request, face, "step_check", context, status=422 if form.errors else status)


def _shown(request: HttpRequest, face: Face, way: Way, asked: Step, form: Any) -> HttpResponse:
    context = {"form": form, **_around(face, way, asked)}
    return show(request, face, "step", context, status=422 if form.errors else 200)


def _around(face: Face, way: Way, asked: Step) -> dict[str, Any]:
    path = steps.PATHS[way]
    former = steps.before(way, asked)
    back = _address(face, way, former) if former else face.home
    return {"step": asked, "way": TITLES[way], "number": path.index(asked) + 1, "of": len(path), "back": back}


def _address(face: Face, way: Way, asked: Step) -> str:
    if asked is steps.PATHS[way][0]:
        return reverse("portal:ask" if way == Way.QUESTION else "portal:delivery", args=[face.slug])
    return reverse("portal:step", args=[face.slug, asked.slug])


def _mine(request: HttpRequest, face: Face) -> Ask | None:
    key = request.COOKIES.get(COOKIE, "")
    if not key:
        return None
    with enter(SYSTEM):
        return drafts.find(key, face.slug)


def _to(face: Face, name: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(f"portal:{name}", args=[face.slug]))


def _to_step(face: Face, asked: Step) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("portal:step", args=[face.slug, asked.slug]))

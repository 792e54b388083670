"""The desk."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from opora.access.guard import needs
from opora.access.rights import Right


@needs(Right.WORKPLACE_VIEW)
def desk(request: HttpRequest) -> HttpResponse:
    return render(request, "workplace/desk.html")

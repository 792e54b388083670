from django.urls import path

from opora.organisations.views import employees, organisations, parts, roles

app_name = "organisations"
urlpatterns = [
    path("organisations/", organisations.organisations, name="list"),
    path("organisations/new/", organisations.new, name="new"),
    path("organisations/<int:pk>/", organisations.card, name="card"),
    path("organisations/<int:pk>/change/", organisations.change, name="change"),
    path("organisations/<int:pk>/closure/", organisations.closure, name="closure"),
    path("organisations/<int:pk>/reopening/", organisations.reopening, name="reopening"),
    path("organisations/<int:pk>/hours/", parts.hours, name="hours"),
    path("organisations/<int:pk>/sites/", organisations.sites, name="sites"),
    path("organisations/<int:pk>/posts/", organisations.posts, name="posts"),
    path("organisations/<int:pk>/<slug:kind>/new/", parts.new_part, name="new_part"),
    path("organisations/<int:pk>/<slug:kind>/<int:part_pk>/", parts.part, name="part"),
    path("organisations/<int:pk>/<slug:kind>/<int:part_pk>/removal/", parts.part_removal, name="part_removal"),
    path("organisations/<int:pk>/<slug:kind>/<int:part_pk>/hours/", parts.hours, name="part_hours"),
    path("employees/", employees.employees, name="employees"),
    path("employees/new/", employees.new, name="new_employee"),
    path("employees/<int:pk>/", employees.employee, name="employee"),
    path("employees/<int:pk>/change/", employees.change, name="change_employee"),
    path("employees/<int:pk>/assignments/new/", employees.new_assignment, name="new_assignment"),
    path("employees/<int:pk>/assignments/<int:assignment_pk>/ending/", employees.ending, name="ending"),
    path("employees/<int:pk>/closure/", employees.entry_closure, name="entry_closure"),
    path("employees/<int:pk>/opening/", employees.entry_opening, name="entry_opening"),
    path("employees/<int:pk>/unlocking/", employees.unlocking, name="unlocking"),
    path("employees/<int:pk>/second-step/", employees.second_step, name="second_step"),
    path("employees/<int:pk>/password/", employees.password, name="password"),
    path("roles/", roles.roles, name="roles"),
]

"""All periodic work of the house on one page. Times are UTC; ``opora worker`` keeps them."""

from procrastinate.contrib.django import app

from opora.appeals import tasks as appeals
from opora.audit import tasks as audit
from opora.channels import tasks as channels
from opora.chat import tasks as chat
from opora.complaints import tasks as complaints
from opora.doors import tasks as doors
from opora.exchange import tasks as exchange
from opora.feedback import tasks as feedback
from opora.findings import tasks as findings
from opora.informing import tasks as informing
from opora.insured import tasks as insured
from opora.knowledge import tasks as knowledge
from opora.mailroom import tasks as mailroom
from opora.partners import tasks as partners
from opora.policies import tasks as policies
from opora.portal import tasks as portal
from opora.posts import tasks as posts
from opora.reports import leaving_tasks as leaving
from opora.reports import tasks as reports
from opora.shared import tasks as shared
from opora.staffing import tasks as staffing
from opora.surveys import tasks as surveys
from opora.telephony import tasks as telephony

app.periodic(cron="* * * * *")(shared.give_back)
# Midnight comes to Kamchatka at 12:00 and to Kaliningrad at 22:00: policies begin and end with the local day.
app.periodic(cron="5 12-22 * * *")(insured.refresh_fold)
app.periodic(cron="17 3 * * *")(audit.keep_months)
app.periodic(cron="21 3 * * *")(channels.keep_months)
app.periodic(cron="3-59/5 * * * *")(channels.collect_receipts)
app.periodic(cron="3 * * * *")(appeals.note_day)
app.periodic(cron="32 20 * * *")(appeals.fold_quarters)
app.periodic(cron="37 3 * * *")(partners.forget_expired)
app.periodic(cron="27 3 * * *")(appeals.keep_months)
app.periodic(cron="* * * * *")(exchange.watch_folders)
app.periodic(cron="31 4 * * *")(exchange.forget)
app.periodic(cron="36 4 * * *")(insured.forget_protocols)
app.periodic(cron="47 3 * * *")(appeals.recount)
app.periodic(cron="7 * * * *")(appeals.forget_exports)
app.periodic(cron="* * * * *")(reports.follow)
app.periodic(cron="41 2 * * *")(reports.count_insured)
app.periodic(cron="14,44 * * * *")(findings.follow)
app.periodic(cron="19,49 * * * *")(staffing.follow)
app.periodic(cron="57 3 * * *")(appeals.forget_drafts)
app.periodic(cron="7 5 * * *")(appeals.sweep_files)  # after rooms have forgotten their rows
app.periodic(cron="12,42 * * * *")(appeals.remind)
app.periodic(cron="52 * * * *")(complaints.remind)
app.periodic(cron="26 * * * *")(complaints.fold_tally)
app.periodic(cron="22 * * * *")(informing.climb_ladders)
app.periodic(cron="33 4 * * *")(informing.keep_years)
app.periodic(cron="41 19 * * *")(informing.weigh_contacts)
app.periodic(cron="11 20 * * *")(informing.find_gaps)
app.periodic(cron="41 20 * * *")(informing.fold_months)
app.periodic(cron="26 21 * * *")(informing.prove_told)
app.periodic(cron="9 * * * *")(informing.forget_exports)
app.periodic(cron="43 4 * * *")(informing.forget_letters)
app.periodic(cron="51 4 * * *")(knowledge.forget_words)
app.periodic(cron="23 19 * * *")(appeals.learn_topics)
app.periodic(cron="* * * * *")(doors.tend)
app.periodic(cron="* * * * *")(doors.fetch)
app.periodic(cron="* * * * *")(doors.listen)
app.periodic(cron="53 4 * * *")(doors.forget)
app.periodic(cron="55 4 * * *")(chat.forget)
app.periodic(cron="6,16,26,36,46,56 * * * *")(chat.close_silent)
app.periodic(cron="* * * * *")(feedback.fetch)
app.periodic(cron="* * * * *")(feedback.tend)
app.periodic(cron="*/5 * * * *")(surveys.send_links)
app.periodic(cron="49 4 * * *")(surveys.forget_people)
app.periodic(cron="*/10 * * * *")(surveys.let_go)
app.periodic(cron="*/5 * * * *")(policies.send_notices)
app.periodic(cron="1-59/10 * * * *")(policies.plan_tomorrow)
app.periodic(cron="18 * * * *")(portal.forget)
app.periodic(cron="*/5 * * * *")(leaving.tend_exports)
app.periodic(cron="8,38 * * * *")(leaving.send)
app.periodic(cron="4,14,24,34,44,54 * * * *")(telephony.close_lost)
app.periodic(cron="29 3 * * *")(telephony.keep_months)
app.periodic(cron="* * * * *")(telephony.fetch_recordings)
app.periodic(cron="39 3 * * *")(telephony.forget_recordings)
app.periodic(cron="49 3 * * *")(telephony.forget_numbers)
app.periodic(cron="* * * * *")(telephony.steer)
app.periodic(cron="* * * * *")(telephony.look_after)
app.periodic(cron="2,32 * * * *")(telephony.tell_load)
app.periodic(cron="6,36 * * * *")(mailroom.tend)
app.periodic(cron="59 4 * * *")(mailroom.forget)
app.periodic(cron="*/5 * * * *")(posts.send_memos)
app.periodic(cron="* * * * *")(posts.register)
app.periodic(cron="2 5 * * *")(posts.forget_memos)

"""What belongs to an insured person is seen with him. Trusted work sees everybody: it is not to ask the register row by
row — or, worse, to read all of it — for each contact, consent and policy it reads."""

from django.db import migrations

from opora.shared.row_security import SEES

CHILDREN = [
    "insured_formername",
    "insured_identitydocument",
    "insured_personcategory",
    "insured_policy",
    "insured_attachment",
    "insured_contact",
    "insured_consent",
    "insured_personchange",
]
OF_PERSON = "EXISTS (SELECT 1 FROM insured_person p WHERE p.id = {table}.person_id)"
ALTER = "ALTER POLICY scope ON {table} USING ({visible}) WITH CHECK ({visible});"


def follow(table: str) -> migrations.RunSQL:
    seen_with = OF_PERSON.format(table=table)
    return migrations.RunSQL(
        ALTER.format(table=table, visible=f"{SEES} = 'all' OR {seen_with}"),
        ALTER.format(table=table, visible=seen_with),
    )


class Migration(migrations.Migration):
    dependencies = [("insured", "0008_quality_of_contacts")]

    operations = [follow(table) for table in CHILDREN]

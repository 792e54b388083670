import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("telephony", "0016_telephone_is_there"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="keeping",
            options={
                "ordering": [models.OrderBy(models.F("organisation"), nulls_first=True), "kind", "-set_at"],
                "verbose_name": "срок хранения",
                "verbose_name_plural": "сроки хранения",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="callevent",
            name="append_only",
        ),
        migrations.AlterField(
            model_name="keeping",
            name="kind",
            field=models.CharField(
                choices=[("talk", "запись разговора"), ("voice", "голосовое сообщение"), ("phone", "номер звонившего")],
                max_length=5,
                verbose_name="что",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="callevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nIF TG_OP = 'UPDATE' THEN\n  IF OLD.at < now() - interval '30 days' AND NEW.caller = ''\n     AND to_jsonb(NEW) - 'caller' = to_jsonb(OLD) - 'caller' THEN\n    RETURN NEW;\n  END IF;\nEND IF;\nRAISE EXCEPTION 'append-only: Cannot update or delete rows from % table', TG_TABLE_NAME;\n",
                    hash="3198120cb9cd0e62c24362a983f051e4cbae4360",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_be4eb",
                    table="telephony_callevent",
                    when="BEFORE",
                ),
            ),
        ),
    ]

"""The closed lists of the journal in our own words; partners' codes for them are mappings, never keys.

Source: domain handbook 01 §2–4, 21 §1 and §3.3.
"""

from django.db.models import TextChoices


class Kind(TextChoices):
    """Вид обращения."""

    CONSULTATION = "consultation", "Консультация"
    COMPLAINT = "complaint", "Жалоба"
    APPLICATION = "application", "Заявление"
    PROPOSAL = "proposal", "Предложение"
    THANKS = "thanks", "Благодарность"
    OUT_OF_SCOPE = "out_of_scope", "Не относится к ОМС"


class Form(TextChoices):
    """Форма обращения."""

    ORAL = "oral", "Устное"
    WRITTEN = "written", "Письменное"


class Channel(TextChoices):
    """Способ обращения: through which door it came, and through which the answer leaves."""

    HOT_LINE = "hot_line", "Телефон горячей линии"
    INTERNET = "internet", "Сайт"
    LETTER = "letter", "Письмо, принесённое лично"
    VISIT = "visit", "Личный приём"
    POST = "post", "Почта"
    FEEDBACK = "feedback", "Платформа обратной связи"
    CHAT = "chat", "Онлайн-чат"
    MESSENGER = "messenger", "Мессенджер"
    CLINIC_POST = "clinic_post", "Представитель в клинике"
    EMAIL = "email", "Электронная почта"
    CALL = "call", "Исходящий звонок"


class Origin(TextChoices):
    """Источник поступления."""

    DIRECT = "direct", "Напрямую от заявителя"
    FEDERAL_FUND = "federal_fund", "Федеральный фонд ОМС"
    FEDERAL_AUTHORITY = "federal_authority", "Иной федеральный орган"
    REGIONAL_AUTHORITY = "regional_authority", "Орган власти региона"
    OTHER = "other", "Иная организация"
    MINISTRY_CENTRE = "ministry_centre", "Контакт-центр Минздрава"


class Standing(TextChoices):
    """Статус сообщения по 59-ФЗ: plain e-mail is no appeal since 30.03.2025 (547-ФЗ)."""

    IDENTIFIED = "identified", "Обращение, заявитель установлен"
    ANONYMOUS = "anonymous", "Без данных о заявителе"
    CONTACT = "contact", "Не обращение по 59-ФЗ"


class Line(TextChoices):
    """Линия принятия и рассмотрения."""

    OP1 = "op1", "ОП1"
    OP2 = "op2", "ОП2"
    SP1 = "sp1", "СП1"
    SP2 = "sp2", "СП2"
    SP3 = "sp3", "СП3"
    OTHER = "other", "Иной сотрудник"

    @property
    def queue(self) -> str:
        """What waits for this level, by name.

        >>> Line.OP1.queue, Line.OTHER.queue
        ('Очередь ОП1', 'Общая очередь')
        """
        return "Общая очередь" if self is Line.OTHER else f"Очередь {self.label}"


class Verdict(TextChoices):
    """Сведения о жалобе."""

    JUSTIFIED = "justified", "Обоснованная"
    PRETRIAL = "pretrial", "Обоснованная, удовлетворена до суда"
    COURT = "court", "Обоснованная, удовлетворена в суде"
    UNJUSTIFIED = "unjustified", "Необоснованная"


class Outcome(TextChoices):
    """Исход."""

    CONSULTED = "consulted", "Дана консультация"
    CONSIDERED = "considered", "Обращение рассмотрено"
    GRANTED = "granted", "Заявление удовлетворено"
    NOT_GRANTED = "not_granted", "Заявление не удовлетворено"
    COMPLAINT_CONSIDERED = "complaint_considered", "Жалоба рассмотрена"
    CALL_REDIRECTED = "call_redirected", "Звонок переадресован"
    REDIRECTED = "redirected", "Направлено в другую организацию"
    PROPOSAL_CONSIDERED = "proposal_considered", "Предложение рассмотрено"
    WITHDRAWN = "withdrawn", "Отозвано заявителем"


class Responsible(TextChoices):
    """Тип ответственной организации."""

    FUND = "fund", "ТФОМС"
    INSURER = "insurer", "СМО"
    FUND_OUTSOURCED = "fund_outsourced", "ТФОМС (аутсорсинг)"
    INSURER_OUTSOURCED = "insurer_outsourced", "СМО (аутсорсинг)"
    PROVIDER = "provider", "МО"
    AUTHORITY = "authority", "Орган власти региона"
    PROVIDER_OUTSOURCED = "provider_outsourced", "МО (аутсорсинг)"
    AUTHORITY_OUTSOURCED = "authority_outsourced", "Орган власти региона (аутсорсинг)"


class Outside(TextChoices):
    """Признак направления за пределы организации."""

    PROVIDER = "provider", "В медицинскую организацию региона"
    AUTHORITY = "authority", "В орган власти региона"
    INSURER = "insurer", "В другую страховую региона"
    TERRITORY = "territory", "В организацию другого региона"


class Flag(TextChoices):
    """Признаки, которые нужны отчётам поверх темы: the report row is derived from topic and flags."""

    CHILD = "child", "Несовершеннолетний"
    ONCOLOGY = "oncology", "Онкология"
    CARDIO = "cardio", "Сердечно-сосудистое заболевание"
    IVF = "ivf", "ЭКО"
    HIGH_TECH = "high_tech", "ВМП"
    AGE_65 = "age_65", "65 лет и старше"
    WAITING = "waiting", "Сроки ожидания"
    NARCOTICS = "narcotics", "Наркотические препараты"
    TELEMEDICINE = "telemedicine", "Телемедицинская консультация"
    MATERIAL = "material", "Материально-техническое обеспечение"
    ABROAD = "abroad", "Вне территории страхования"
    FOREIGNER = "foreigner", "Иностранец или беженец"

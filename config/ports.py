"""Who fulfils what the rooms need of the outside world. Every port has a stand-in that works without a network."""

PORTS = {
    "insured.Register": "opora.adapters.register.EmbeddedRegister",
    "channels.smpp": "opora.adapters.sms_smpp.gateway.SmppGateway",
    "channels.http": "opora.adapters.sms_http.gateway.HttpGateway",
    "channels.smtp": "opora.adapters.mail_smtp.gateway.SmtpGateway",
    "doors.mail": "opora.adapters.mail_imap.way.MailWay",
    "doors.telegram": "opora.adapters.messenger_telegram.way.TelegramWay",
    "feedback.pos": "opora.adapters.pos.gateway.HttpPosGateway",
    "telephony.Tapes": "opora.adapters.asterisk.tapes.AsteriskTapes",
    "telephony.Steering": "opora.adapters.asterisk.steering.AsteriskSteering",
    "channels.standin": "opora.adapters.standin.gateway.StandinGateway",
}

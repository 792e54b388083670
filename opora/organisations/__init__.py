"""Организации и сотрудники — funds, insurers and branches, clinics with sites, authorities; who works where, as what.

Words: Territory, Organisation, Site, Department, Post (the desk of a representative in a clinic), Role, Employee,
Assignment (employee × organisation × role over time). Door: models, services, queries.
Law: 326-FZ (who takes part in ОМС); levels of representatives — domain handbook 02.
"""

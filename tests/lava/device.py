#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""device.py JOB TYPES: the device that a job asks for, rendered from LAVA's own
template for its type and the job's context, as lava-server does it. The job is held
against the schema first, by which the server would refuse it."""
import sys

import jinja2
import yaml
from lava_common import schemas

text = open(sys.argv[1], encoding="utf-8").read()
job = yaml.safe_load(text)
schemas.validate(job, strict=True)
environment = jinja2.Environment(
    loader=jinja2.FileSystemLoader(sys.argv[2]), trim_blocks=True, autoescape=False
)
# What a lab writes into the file of a board: how its power and its serial line are had.
lab = """
{% set connection_command = '/bin/false' %}
{% set hard_reset_command = '/bin/true' %}
{% set power_on_command = '/bin/true' %}
{% set power_off_command = '/bin/true' %}
"""
kind = job["device_type"]
extends = "{%% extends '%s.jinja2' %%}" % kind
template = environment.from_string(extends + ("" if kind == "qemu" else lab))
print(template.render(**job.get("context", {})))

"""Whether a change worked: before against after, with a control group or the course before it where there is one."""

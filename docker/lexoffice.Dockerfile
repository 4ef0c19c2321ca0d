# The stand-in of lexoffice, with the versions that it is tested with.
FROM python:3.12-slim

WORKDIR /opt/lexoffice
COPY requirements.txt .
RUN pip install --no-cache-dir --constraint requirements.txt \
        fastapi \
        jinja2 \
        pillow \
        pydantic \
        python-multipart \
        reportlab \
        tzdata \
        uvicorn
COPY lexoffice_sandbox lexoffice_sandbox

RUN useradd --system lexoffice && install -d -o lexoffice /data
USER lexoffice
VOLUME /data
EXPOSE 8070
CMD ["python", "-m", "lexoffice_sandbox", "--host", "0.0.0.0", "--port", "8070", "--data", "/data/lexoffice.sqlite"]

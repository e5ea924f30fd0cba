from volresearch.api import compare as compare
from volresearch.api import compare_codebooks as compare_codebooks
from volresearch.api import crosswalk_template as crosswalk_template
from volresearch.api import dataset as dataset
from volresearch.api import diff as diff
from volresearch.api import facts as facts
from volresearch.api import indicator as indicator
from volresearch.api import instrument as instrument
from volresearch.api import list_datasets as list_datasets
from volresearch.api import list_indicators as list_indicators
from volresearch.api import list_instruments as list_instruments
from volresearch.api import list_notebooks as list_notebooks
from volresearch.api import list_plugins as list_plugins
from volresearch.api import list_reports as list_reports
from volresearch.api import read as read
from volresearch.api import schema as schema
from volresearch.datasets import Dataset as Dataset
from volresearch.errors import VolResearchError as VolResearchError
from volresearch.models.combine import combine as combine
from volresearch.release import Release as Release
from volresearch.reports import report as report
from volresearch.results import Result as Result
from volresearch.show import figure as figure
from volresearch.show import table as table
from volresearch.survey import Survey as Survey
from volresearch.widgets import explore as explore

__version__: str

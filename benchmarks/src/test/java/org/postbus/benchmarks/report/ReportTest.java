package org.postbus.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postbus.benchmarks.load.Catalogue;
import org.postbus.benchmarks.load.Effort;
import org.postbus.benchmarks.load.Figure;
import org.xml.sax.InputSource;

class ReportTest {

    private static final Context CONTEXT = new Context(Instant.EPOCH, "2 processors", "10 s",
            Map.of(Catalogue.MAIN, "10 KB <main>"), List.of("a note with \"quotes\" & <marks>"));

    private static Results results() {
        Results results = new Results();
        for (int round = 1; round <= 2; round++) {
            results.add(new Measurement(Catalogue.MAIN, Results.OURS, round, Map.of(Figure.ACCEPTED, 1200.0 + round)));
            results.add(new Measurement(Catalogue.MAIN, "peer", round, Map.of(Figure.ACCEPTED, 400.0 + round)));
            results.add(new Measurement("latency-10k", "peer", round, Map.of(Figure.P50_MS, 0.4, Figure.MAX_MS, 120.0)));
        }
        return results;
    }

    @Test
    void theTableHasMediansRatiosAndGoals() {
        String table = TextTable.of(results(), CONTEXT);
        assertTrue(Pattern.compile("smtp-10k-c50: 10 KB <main> +accepted/s +1202 +402 +2.99\n").matcher(table).find(), table);
        assertTrue(Pattern.compile("accepted/s, 10 KB, 50 connections +2.99 +>= 3 +not met\n").matcher(table).find(), table);
        assertTrue(Pattern.compile("cold LIST +- +<= 1/5 +not measured\n").matcher(table).find(), table);
    }

    @Test
    void withoutAPeerThereAreNoGoals() {
        Results alone = new Results();
        alone.add(new Measurement(Catalogue.MAIN, Results.OURS, 1, Map.of(Figure.ACCEPTED, 1200.0)));
        String table = TextTable.of(alone, CONTEXT);
        assertFalse(table.contains("wanted"), table);
        assertTrue(table.contains("1200"), table);
        assertTrue(HtmlPage.of(alone, CONTEXT).contains("1200"));
    }

    @Test
    void jsonHasEveryMeasurementAndQuotesWhatMustBe() {
        String json = Json.of(results(), CONTEXT);
        assertTrue(json.contains("\"a note with \\\"quotes\\\" & <marks>\""), json);
        assertTrue(json.contains("{\"load\":\"smtp-10k-c50\",\"server\":\"peer\",\"round\":2,"
                + "\"figures\":{\"accepted/s\":402.0}}"), json);
        assertTrue(json.contains("\"verdict\":\"not met\""), json);
        assertTrue(json.contains("\"ratio\":null"), json);
    }

    @Test
    void jsonWritesControlCharactersAndNumbersThatAreNone() {
        assertEquals("\"a\\u000ab\"", Json.text("a\nb"));
        assertEquals("null", Json.text(Double.NaN));
        assertEquals("[1,\n2.5]", Json.text(List.of(1, 2.5)));
    }

    @Test
    void thePageStandsAloneAndEscapesWhatItShows() {
        String page = HtmlPage.of(results(), CONTEXT);
        assertTrue(page.contains("10 KB &lt;main&gt;"), page);
        assertFalse(page.contains("<main>"), page);
        assertFalse(page.contains("<script"), page);
        assertFalse(Pattern.compile("(src|href)=").matcher(page).find(), page);
    }

    @Test
    void everyPlotIsWellFormedAndHasABarForEachServer() throws Exception {
        List<String> plots = Pattern.compile("<svg.*?</svg>", Pattern.DOTALL).matcher(HtmlPage.of(results(), CONTEXT))
                .results().map(MatchResult::group).toList();
        assertEquals(2, plots.size());
        for (String plot : plots) {
            var parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
            var document = parser.parse(new InputSource(new StringReader(plot)));
            assertEquals("svg", document.getDocumentElement().getTagName());
        }
        assertEquals(2, plots.getFirst().split("<rect", -1).length - 1);
    }

    @Test
    void notesOfFormerRunsStayWithTheirMeasurements(@TempDir Path folder) throws IOException {
        Report first = Report.in(folder, false, "machine");
        first.add(new Measurement(Catalogue.MAIN, Results.OURS, 1, Map.of(Figure.ACCEPTED, 1200.0)));
        first.write(Effort.FULL, List.of("ours", "both"));
        String table = Report.in(folder, true, "machine").write(Effort.FULL, List.of("theirs", "both"));
        assertTrue(table.contains("- ours\n- both\n- theirs\n\n"), table);
        assertTrue(table.contains("1200"), table);
        String fresh = Report.in(folder, false, "machine").write(Effort.FULL, List.of());
        assertFalse(fresh.contains("ours") || fresh.contains("1200"), fresh);
    }

    @Test
    void numbersHaveThreeDigitsThatCount() {
        assertEquals("1234", Numbers.text(1234.4));
        assertEquals("12.3", Numbers.text(12.34));
        assertEquals("0.053", Numbers.text(0.0525001));
        assertEquals("3", Numbers.text(3.0));
        assertEquals("0", Numbers.text(0));
        assertEquals("100", Numbers.text(100));
    }
}

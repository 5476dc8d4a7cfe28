package org.elver.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.ChartEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** What the curves come to: verdicts, tables in Markdown, and plots in SVG, in one folder. */
final class Report {
  private final Path folder;
  private final Verdicts verdicts = new Verdicts();
  private final StringBuilder body = new StringBuilder();

  Report(Path folder) {
    this.folder = folder;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  /** Begins a section. */
  void section(String title, String text) {
    body.append("\n## ").append(title).append("\n\n").append(text).append('\n');
    System.err.println("# " + title);
  }

  /** Adds a table whose columns are {@code x} and the curves. */
  void table(String xName, double[] x, List<Curve> curves) {
    List<String> head = new ArrayList<>();
    head.add(xName);
    curves.forEach(c -> head.add(c.name));
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      List<String> row = new ArrayList<>();
      row.add(Verdicts.number(x[i]));
      for (Curve c : curves) {
        row.add(Double.isNaN(c.y[i]) ? "–" : Verdicts.number(c.y[i]));
      }
      rows.add(row);
    }
    table(head, rows);
  }

  /** Adds a table. */
  void table(List<String> head, List<List<String>> rows) {
    body.append('\n');
    row(head);
    body.append("|").append("---:|".repeat(head.size())).append('\n');
    rows.forEach(this::row);
  }

  private void row(List<String> cells) {
    body.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  /** Writes a plot and refers to it. The vertical axis begins at 0, so that flat looks flat. */
  void plot(String file, String title, String xName, String yName, double[] x, List<Curve> curves)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(450)
            .title(title)
            .xAxisTitle(xName)
            .yAxisTitle(yName)
            .build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisDecimalPattern("#,###");
    chart.getStyler().setYAxisDecimalPattern("#,##0.##");
    chart.getStyler().setYAxisMin(0.0);
    double most = 0;
    for (Curve c : curves) {
      chart.addSeries(c.name, x, c.y).setMarker(SeriesMarkers.CIRCLE);
      most = Math.max(most, Arrays.stream(c.y).filter(d -> !Double.isNaN(d)).max().orElse(0));
    }
    chart.getStyler().setYAxisMax(most == 0 ? 1 : most * 1.1);
    // Text comes as outlines; a hundredth of a pixel is fine enough for them.
    String svg = new String(ChartEncoder.getBytes(chart, "svg"), StandardCharsets.UTF_8);
    Files.writeString(folder.resolve(file), svg.replaceAll("(\\.\\d{2})\\d+", "$1"));
    body.append("\n![").append(title).append("](").append(file).append(")\n");
  }

  /** Writes {@code curves.md} and returns its text. */
  String write(String machine) throws IOException {
    String text =
        "# Flat curves of the heap\n\n"
            + machine
            + verdicts
            + String.format("%nBars missed: %d.%n", verdicts.missed())
            + body;
    Files.writeString(folder.resolve("curves.md"), text, StandardCharsets.UTF_8);
    return text;
  }

  /** Some values, one for each x. */
  static final class Curve {
    final String name;
    final double[] y;

    Curve(String name, int points) {
      this.name = name;
      this.y = new double[points];
      Arrays.fill(y, Double.NaN);
    }

    /** The median of the points from {@code from} up to {@code to}, exclusive. */
    double median(int from, int to) {
      return Meter.median(Arrays.copyOfRange(y, from, to));
    }

    /** The median of the last quarter over that of the first, where point 0 does not count. */
    double growth() {
      return lastQuarter() / firstQuarter();
    }

    double firstQuarter() {
      return median(1, 1 + (y.length - 1) / 4);
    }

    double lastQuarter() {
      return median(y.length - (y.length - 1) / 4, y.length);
    }
  }
}
